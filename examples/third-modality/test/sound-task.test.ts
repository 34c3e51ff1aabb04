import { useEngine } from '@mafjs/compile/engine'
import { evaluate, fit } from '@mafjs/train'
import { expect, test } from 'vitest'
import { drawPosts, SUBJECTS } from '../draw-posts'
import { soundTask } from '../sound-task'

test('text and sound together find what neither finds alone, and only with the right sound', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const posts = drawPosts(560, 1)
  const [test, train] = [posts.slice(0, 120), posts.slice(120)]
  const task = soundTask([...new Set(train.flatMap(({ words }) => words))], 0)
  await fit(task, {
    engine,
    train,
    settings: { epochs: 12, batchSize: 32, learningRate: 3e-3, warmup: 0 },
  })
  const soundDecides = async (rows: typeof test) => {
    const posts = rows.filter(({ group }) => group === 'sound decides')
    return (await evaluate(task, posts, { engine })).accuracy
  }
  // About 60 posts need the sound: guessing between two meanings has a deviation of 0.065.
  expect(await soundDecides(test)).toBeGreaterThan(0.8)
  const exchanged = test.map((post, row) => ({ ...post, sound: test.at(row - 1)!.sound }))
  expect(await soundDecides(exchanged)).toBeLessThan(0.75)
  const silent = test.map(post => ({ ...post, sound: undefined }))
  expect(await soundDecides(silent)).toBeLessThan(0.75)
  task.model.dispose()
})

test('what decides is what the group says: a word of one subject, or of two that sound in different ways', () => {
  const [posts, words] = [drawPosts(1500, 9), new Map<string, Set<string>>()]
  for (const { words: said, subject, group } of posts) {
    const key = `${group === 'sound decides'} ${said[3]}`
    words.set(key, (words.get(key) ?? new Set()).add(subject))
  }
  for (const [key, subjects] of words) expect(subjects.size).toBe(key.startsWith('true') ? 2 : 1)
  expect(new Set(posts.map(({ subject }) => subject)).size).toBe(SUBJECTS.length)
  const share = posts.filter(({ group }) => group === 'sound decides').length / posts.length
  expect(share).toBeCloseTo(0.5, 1)
})

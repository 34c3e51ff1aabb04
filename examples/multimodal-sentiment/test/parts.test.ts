import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { uniform, valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { classificationLoss } from '../classification-loss'
import { drawPosts } from '../draw-posts'
import { frozenTask, type Sequence } from '../frozen-task'
import { majority } from '../majority'
import { poolRegions } from '../pool-regions'
import { readPosts } from '../read-posts'
import { createSentimentModel, type SentimentModel } from '../sentiment-model'
import { splitPosts } from '../split-posts'

beforeAll(async () => {
  await useEngine({ engine: 'tfjs', backend: 'cpu' })
  registerGradients()
})

describe('the loss', () => {
  test('is minus the logarithm of the softmax at the right class, its gradient softmax minus target', async () => {
    const rows = [[1, 2, -1], [0, 0, 0]] // biome-ignore format: a matrix
    const targets = [[0, 1, 0], [1, 0, 0]] // biome-ignore format: a matrix
    const softmax = rows.map(row =>
      row.map(value => Math.exp(value) / row.reduce((sum, one) => sum + Math.exp(one), 0)),
    )
    const logits = tf.variable(tf.tensor2d(rows))
    const { value, gradients } = valueAndGradients(
      () => classificationLoss(logits as unknown as tf.Tensor2D, tf.tensor2d(targets)),
      { logits },
    )
    const expected = -(Math.log(softmax[0]![1]!) + Math.log(softmax[1]![0]!)) / 2
    expect((await value.data())[0]).toBeCloseTo(expected, 6)
    const slopes = await gradients['logits']!.data()
    for (const [i, slope] of slopes.entries()) {
      const [row, column] = [Math.floor(i / 3), i % 3]
      expect(slope).toBeCloseTo((softmax[row]![column]! - targets[row]![column]!) / 2, 6)
    }
  })
  test('stays finite for logits of any size', async () => {
    const loss = classificationLoss(tf.tensor2d([[1e4, -1e4]]), tf.tensor2d([[0, 1]]))
    expect((await loss.data())[0]).toBeCloseTo(2e4, 0)
  })
})

describe('the model', () => {
  const sequence = (positions: number, size: number, seed: number): Sequence => ({
    data: uniform(positions * size, { seed, site: 'sequence' }).map(value => value - 0.5),
    ...{ positions, size },
  })
  const task = frozenTask({
    texts: [sequence(3, 5, 1), sequence(4, 5, 2), sequence(3, 5, 3)],
    pictures: [sequence(4, 6, 4), sequence(4, 6, 5), sequence(4, 6, 6)],
    ...{ classes: ['bad', 'good'], labels: [0, 1, 0], groups: [0, 1, 2] },
  })
  const tensors = (posts: number[], sides: 'text' | 'picture' | 'both') => {
    const { text, image } = task.batch(posts, sides) as unknown as Record<
      'text' | 'image',
      Record<string, { data: Float32Array; shape: number[] }>
    >
    const of = (side: Record<string, { data: Float32Array; shape: number[] }>) =>
      Object.fromEntries(
        Object.entries(side).map(([name, { data, shape }]) => [name, tf.tensor(data, shape)]),
      )
    return { text: of(text), image: of(image) } as never
  }
  let model: SentimentModel
  beforeAll(() => {
    const sizes = { textSize: 5, imageSize: 6, classes: 2, hidden: 8 }
    model = createSentimentModel({ ...sizes, dropoutRate: 0.1, seed: 3 })
  })
  test('sees no picture with the text alone, and no text with the picture alone', async () => {
    const logitsOf = async (posts: number[], sides: 'text' | 'picture' | 'both') =>
      Array.from(await model.apply(tensors(posts, sides)).logits.data())
    const [text, picture, both] = [
      await logitsOf([0, 1, 2], 'text'),
      await logitsOf([0, 1, 2], 'picture'),
      await logitsOf([0, 1, 2], 'both'),
    ]
    expect(new Set([...text, ...picture, ...both]).size).toBe(18)
    // The same text with other pictures, and the other way round.
    const others = frozenTask({
      texts: [sequence(3, 5, 1), sequence(4, 5, 2), sequence(3, 5, 3)],
      pictures: [sequence(4, 6, 7), sequence(4, 6, 8), sequence(4, 6, 9)],
      ...{ classes: ['bad', 'good'], labels: [0, 1, 0], groups: [0, 1, 2] },
    })
    expect(others.batch([0, 1], 'text')).toEqual(task.batch([0, 1], 'text'))
    expect(others.batch([0, 1], 'both')).not.toEqual(task.batch([0, 1], 'both'))
    const { match } = model.apply(tensors([0, 1], 'text'))
    expect([...(await match.data())]).toEqual([0, 0])
  })
  test('gives a post the same logits whatever is beside it in the batch', async () => {
    const alone = await model.apply(tensors([0], 'both')).logits.data()
    const beside = await model.apply(tensors([0, 1, 2], 'both')).logits.data()
    for (let i = 0; i < 2; i++) expect(beside[i]).toBeCloseTo(alone[i]!, 5)
  })
})

test('the majority is the class that most labels have, of equals the first', () => {
  expect(majority([2, 1, 2, 1, 0], 3)).toBe(1)
})

test('regions are pooled in windows that cover the map, and a mean stays the mean', () => {
  const map: Sequence = { data: Float32Array.from({ length: 49 }, (_, i) => i), positions: 49, size: 1 }
  // Rows 0 to 2, 2 to 4, 4 to 6: the middle of the first window is row 1, column 1.
  expect([...poolRegions(map, 3).data]).toEqual(
    [8, 10, 12, 22, 24, 26, 36, 38, 40].map(value => expect.closeTo(value, 4)),
  )
  expect(poolRegions(map, 1).data[0]).toBeCloseTo(24, 4)
  expect(() => poolRegions({ ...map, positions: 50 }, 3)).toThrow(/must be those of a square map/)
})

test('splits never divide near-duplicates, and hold every post once', () => {
  const groups = Array.from({ length: 100 }, (_, post) => (post < 12 ? 0 : post < 20 ? 12 : post))
  const { train, valid, test } = splitPosts(groups, { valid: 0.15, test: 0.2 }, 5)
  expect([...train, ...valid, ...test].sort((a, b) => a - b)).toEqual([...groups.keys()])
  expect([train.length, valid.length, test.length]).toEqual([65, 15, 20])
  for (const group of [0, 12]) {
    const holding = [train, valid, test].filter(split => split.some(post => groups[post] === group))
    expect(holding).toHaveLength(1)
  }
})

test('drawn posts are what their kind says', () => {
  const posts = drawPosts(300, 4)
  const feels = (text: string): number | undefined =>
    /awful|sad|terrible|ugly|bad/.test(text)
      ? 0
      : /lovely|great|happy|sweet|wonderful/.test(text)
        ? 2
        : undefined
  // A corner shows the ground.
  const ground = ({ pixels }: { pixels: Float32Array }): number =>
    pixels[0]! < 0.25 ? 0 : pixels[0]! > 0.75 ? 2 : 1
  for (const post of posts) {
    const word = feels(post.text)
    if (post.kind === 'text decides') expect([word, ground(post)]).toEqual([post.label, 1])
    else if (post.kind === 'picture decides') expect([word, ground(post)]).toEqual([undefined, post.label])
    else {
      expect(ground(post)).not.toBe(1)
      expect(ground(post)).not.toBe(post.label)
      expect(post.label).toBe(word ?? 1)
    }
  }
  expect(new Set(posts.map(({ kind, label }) => `${kind} ${label}`)).size).toBe(2 + 3 + 3)
})

test('labelled posts are read in both encodings, and a fault is named with its line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maf-sentiment-'))
  try {
    await writeFile(join(folder, '1.txt'), 'RT @somebody so happy http://a.b/c')
    await writeFile(join(folder, '2.txt'), Uint8Array.of(0xc4, 0xe3, 0xba, 0xc3)) // GB18030
    for (const id of [1, 2]) await writeFile(join(folder, `${id}.jpg`), '')
    await expect(readPosts(folder)).rejects.toThrow(/label.csv must be there/)
    await writeFile(join(folder, 'label.csv'), 'id,sentiment\r\n1,positive\r\n2,neutral\r\n')
    expect(await readPosts(folder)).toEqual([
      { id: '1', text: 'so happy', picture: '1.jpg', label: 'positive' },
      { id: '2', text: '你好', picture: '2.jpg', label: 'neutral' },
    ])
    await writeFile(join(folder, 'label.csv'), 'id,sentiment\n1,positive\n3,neutral\n')
    await expect(readPosts(folder)).rejects.toThrow(/label.csv:3 must have 3.txt beside it/)
    await writeFile(join(folder, 'label.csv'), 'id,sentiment\n1,positive\n1,neutral\n')
    await expect(readPosts(folder)).rejects.toThrow(/label.csv:3 must be of a post that was not there before/)
    await writeFile(join(folder, 'label.csv'), 'sentiment,id\n')
    await expect(readPosts(folder)).rejects.toThrow(/label.csv:1 must be id,sentiment/)
  } finally {
    await rm(folder, { recursive: true })
  }
})

import { useEngine } from '@mafjs/compile/engine'
import { evaluate, fit } from '@mafjs/train'
import { expect, test } from 'vitest'
import { CLASSES, drawPosts, type Post } from '../draw-posts'
import { sentimentTask } from '../sentiment-task'

test('the picture helps where it decides, and another post’s picture does not', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const posts = drawPosts(540, 50)
  const [test, train] = [posts.slice(0, 162), posts.slice(162)]
  const task = sentimentTask([...new Set(train.flatMap(({ words }) => words))], 0)
  await fit(task, { engine, train, settings: { epochs: 14, batchSize: 32, learningRate: 3e-3, warmup: 0 } })
  const accuracyOf = async (view: (post: Post) => Post, kind = /./) => {
    const posts = test.filter(post => kind.test(post.kind)).map(view)
    return (await evaluate(task, posts, { engine })).accuracy
  }
  expect(await accuracyOf(post => post)).toBeGreaterThan(0.7)
  expect(await accuracyOf(post => post, /text decides/)).toBeGreaterThan(0.9)
  const picture = await accuracyOf(post => post, /picture decides/)
  expect(picture).toBeGreaterThan(0.55) // a third is guessed
  const none = await accuracyOf(post => ({ ...post, picture: null }), /picture decides/)
  expect(none).toBeLessThan(picture - 0.2)
  task.model.dispose()
}, 30_000)

test('drawn posts are what their kind says', () => {
  const feels = ({ words }: Post): number =>
    [/awful|sad|terrible|ugly|bad/, /$^/, /lovely|great|happy|sweet|wonderful/].findIndex(said =>
      said.test(words.join(' ')),
    )
  // A corner shows the ground.
  const ground = ({ picture }: Post): number => (picture![0]! < 0.25 ? 0 : picture![0]! > 0.75 ? 2 : 1)
  for (const post of drawPosts(300, 4)) {
    const [word, label] = [feels(post), CLASSES.indexOf(post.label)]
    if (post.kind === 'text decides') expect([word, ground(post)]).toEqual([label, 1])
    else if (post.kind === 'picture decides') expect([word, ground(post)]).toEqual([-1, label])
    else
      expect([ground(post) === 1, ground(post) === label, word === -1 ? 1 : word]).toEqual([
        false,
        false,
        label,
      ])
  }
})

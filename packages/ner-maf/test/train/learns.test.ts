import { batchPictures, type Post } from '@mafjs/data'
import type { TrainingSettings } from '@mafjs/train'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PictureReader } from '../../src/model/batch-arrays'
import { POSTS, post, tinyMaf, tinyText } from '../model/tiny'
import { compute, f1, train } from './train-tiny'

describe.each(['cpu', 'onnx'] as const)('a tiny model on %s learns', name => {
  beforeAll(() => compute(name))

  const settings: TrainingSettings = { epochs: 30, batchSize: 6, learningRate: 2e-2, seed: 1 }

  it('six posts by their text', async () => {
    const posts = [
      ...POSTS,
      post('rob visits paris', 'B-PER O B-LOC'),
      post('hello acme in sat paris', 'O B-ORG O O B-LOC'),
    ]
    expect(await train(tinyText(), { train: posts, settings }, model => f1(model, posts))).toBe(1)
  })

  it('a type from the posts in which it was labelled, whatever the others say O to', async () => {
    const types = ['LOC', 'ORG', 'PER']
    const whole = [post('hello acme', 'O B-ORG'), post('the paris', 'O B-LOC')]
    // Three times as often nobody looked for organisations, or at that word.
    const parts: Post[] = ['ann visits acme', 'rob loves acme', 'ann loves acme'].flatMap(words => [
      { ...post(words, 'B-PER O O'), labelledTypes: ['LOC', 'PER'] },
      { ...post(`${words} paris`, 'B-PER O O B-LOC'), unlabelled: [2] },
    ])
    const asked = [post('rob visits acme', 'B-PER O B-ORG'), post('rob visits paris', 'B-PER O B-LOC')]
    const learned = (train_: readonly Post[]) =>
      train(tinyText({ types }), { train: [...whole, ...train_], settings }, model => f1(model, asked))
    expect(await learned(parts)).toBe(1)
    expect(
      await learned(parts.map(({ words, labels }) => post(words.join(' '), labels!.join(' ')))),
    ).toBeLessThan(1)
  })

  it('six posts whose picture alone tells the type, by looking at it', async () => {
    const posts = ['rob sat', 'ann loves', 'hello acme'].flatMap(words => {
      const labels = (type: string): string => (words.startsWith('hello') ? `O B-${type}` : `B-${type} O`)
      return [post(words, labels('PER'), 'person'), post(words, labels('LOC'), 'place')]
    })
    const pictures =
      (bright: string): PictureReader['load'] =>
      async examples =>
        batchPictures(
          examples.map(({ image }) => [new Float32Array(48).fill(image === bright ? 1 : -1)]),
          { size: 4, fill: true },
        )
    const load = pictures('person')
    await train(
      tinyMaf({ types: ['LOC', 'PER'] }),
      { train: posts, pictures: { load }, settings: { ...settings, epochs: 40 } },
      async model => {
        expect(await f1(model, posts, load)).toBe(1)
        expect(await f1(model, posts, pictures('place'))).toBe(0)
      },
    )
  })
})

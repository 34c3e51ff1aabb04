import { useEngine } from '@mafjs/compile/engine'
import type { PostInput } from '@mafjs/data'
import * as tf from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnnotationResult } from '../../src/predict/annotation'
import type { MafAnnotator } from '../../src/predict/load-maf'
import { tinyMaf } from '../checkpoint/tiny-checkpoint'
import { BOTH_ENGINES } from '../engine/both-engines'

let maf: MafAnnotator
let picture: Buffer
beforeAll(async () => {
  picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#7b2' } })
    .png()
    .toBuffer()
})

const WORDS = 'kevin loves paris bob in a bigtown'.split(' ')
/** Posts of different lengths, every third with a picture. */
const posts = (count: number): (PostInput & { id: number })[] =>
  Array.from({ length: count }, (_, id) => ({
    id,
    text: Array.from({ length: 1 + (id % 6) }, (_, i) => WORDS[(3 * id + i) % WORDS.length]).join(' '),
    ...(id % 3 === 0 && { image: picture }),
  }))

/** A stream that counts how far it was read and whether it was closed. */
function counted<Post>(items: readonly Post[]) {
  const state = { pulled: 0, closed: false }
  async function* stream(): AsyncGenerator<Post> {
    try {
      for (const item of items) {
        state.pulled += 1
        yield item
      }
    } finally {
      state.closed = true
    }
  }
  return { stream: stream(), state }
}

const collect = async <Item>(stream: AsyncIterable<Item>): Promise<Item[]> => {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}
const annotationOf = (result: AnnotationResult) => {
  if ('error' in result) throw result.error
  return result.annotation
}

describe.each(BOTH_ENGINES)('engine %s', (_, engine) => {
  beforeAll(async () => {
    await useEngine(engine)
    maf = await tinyMaf({}, engine)
  })
  afterAll(() => maf.dispose())

  test('every post has its result, in order, whatever the batch, and equal to the one alone', async () => {
    const many = posts(11)
    const alone = await Promise.all(many.map(post => maf.annotate(post)))
    expect(alone.flatMap(({ entities }) => entities).length).toBeGreaterThan(5)
    for (const batchSize of [1, 4, 11, 100]) {
      const results = await collect(maf.annotateMany(many, { batchSize }))
      expect(results.map(({ post }) => post.id)).toEqual(many.map(({ id }) => id))
      for (const [i, result] of results.entries()) {
        const { entities, match, cutWords } = annotationOf(result)
        const expected = alone[i]!
        const place = ({ type, start, end, text }: (typeof entities)[number]) => ({ type, start, end, text })
        expect(entities.map(place)).toEqual(expected.entities.map(place))
        for (const [j, { score }] of entities.entries())
          expect(score).toBeCloseTo(expected.entities[j]!.score, 5)
        if (expected.match === null) expect(match).toBeNull()
        else expect(match).toBeCloseTo(expected.match, 5)
        expect(cutWords).toBe(expected.cutWords)
      }
    }
  })

  test('a slow consumer is at most two windows behind what is read', async () => {
    const { stream, state } = counted(posts(20))
    const results = maf.annotateMany(stream, { batchSize: 2, window: 3 })
    expect(state.pulled).toBe(0)
    const ahead: number[] = []
    let taken = 0
    for await (const { post } of results) {
      expect(post.id).toBe(taken++)
      await new Promise(resolve => setTimeout(resolve, 5))
      ahead.push(state.pulled - taken)
    }
    expect(taken).toBe(20)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(3 + 2 * 3)
  })

  test('each post is answered before the next is asked for where a batch is one', async () => {
    let answered = 0
    async function* typed(): AsyncGenerator<PostInput> {
      for (const [i, post] of posts(4).entries()) {
        while (answered < i) await new Promise(resolve => setTimeout(resolve, 1))
        yield post
      }
    }
    for await (const result of maf.annotateMany(typed(), { batchSize: 1 })) {
      annotationOf(result)
      answered += 1
    }
    expect(answered).toBe(4)
  })

  test('a post that cannot be read has an error for a result, and the stream goes on', async () => {
    const [first, second, third] = posts(3)
    const bad: PostInput[] = [
      first!,
      { text: 7 as unknown as string },
      { text: 'kevin', image: new Uint8Array([1, 2, 3]) },
      undefined as unknown as PostInput,
      second!,
      { text: 'kevin', image: 'http://x.y/z.png' },
      third!,
    ]
    const before = tf.memory().numTensors
    for (const batchSize of [1, 2, 16]) {
      const results = await collect(maf.annotateMany(bad, { batchSize }))
      expect(results.map(({ post }) => post)).toEqual(bad)
      expect(results.map(result => ('error' in result ? result.error.name : 'fine'))).toEqual([
        'fine',
        'InvalidArgumentError',
        'PictureError',
        'InvalidArgumentError',
        'fine',
        'PictureError',
        'fine',
      ])
    }
    expect(tf.memory().numTensors).toBe(before)
    const none = await collect(maf.annotateMany([{ text: 1 as unknown as string }]))
    expect(none[0]).toHaveProperty('error')
  })

  test('a consumer that leaves early stops the reading, and nothing leaks', async () => {
    const { stream, state } = counted(posts(100))
    const before = tf.memory().numTensors
    let taken = 0
    for await (const _ of maf.annotateMany(stream, { batchSize: 4, window: 4 })) {
      taken += 1
      if (taken === 6) break
    }
    expect(state.closed).toBe(true)
    expect(state.pulled).toBeLessThanOrEqual(16)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('a source that fails has first given the results of what it gave', async () => {
    async function* failing(): AsyncGenerator<PostInput> {
      yield* posts(5)
      throw new Error('the queue is gone')
    }
    const results: AnnotationResult[] = []
    const reading = (async () => {
      for await (const result of maf.annotateMany(failing(), { batchSize: 3 })) results.push(result)
    })()
    await expect(reading).rejects.toThrow('the queue is gone')
    expect(results).toHaveLength(5)
  })

  test.each([0, -1, 1.5, Number.NaN])('a batch of %s is refused', async batchSize => {
    await expect(maf.annotateMany([], { batchSize }).next()).rejects.toThrow(
      /batchSize must be a positive whole number/,
    )
    await expect(maf.annotateMany([], { batchSize: 8, window: 7 }).next()).rejects.toThrow(
      'window must have room for a batch of 8. Received: 7',
    )
  })
})

import { InvalidArgumentError } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import {
  brokenPictureLines,
  createPictureStore,
  type PictureBatch,
  type PictureStoreOptions,
  type Post,
} from '../src'

const posts = (...images: (string | undefined)[]): Post[] =>
  images.map((image, index) => ({
    id: String(index),
    words: ['a'],
    ...(image !== undefined && { image }),
    source: { file: 'f.txt', line: 1 },
  }))

/** A store over pictures of 2 x 2 whose pixels are the number in their name, and what was asked of its loader. */
const createStore = (options: Partial<PictureStoreOptions> = {}) => {
  const asked: string[] = []
  const watch = { running: 0, most: 0 }
  const store = createPictureStore({
    images: 'images',
    size: 2,
    load: async path => {
      asked.push(path)
      watch.most = Math.max(watch.most, ++watch.running)
      await new Promise(resolve => setTimeout(resolve, 1))
      watch.running--
      if (path.includes('broken')) throw new Error('not a picture')
      return { pixels: new Float32Array(12).fill(Number.parseInt(path.slice(7), 10)), width: 2, height: 2 }
    },
    ...options,
  })
  return { store, asked, watch }
}

/** Which pictures a batch has. */
const picturesIn = ({ data, shape }: PictureBatch['pixels']): number[] =>
  Array.from({ length: shape[0]! }, (_, i) => {
    expect(new Set(data.subarray(i * 12, (i + 1) * 12)).size).toBe(1)
    return data[i * 12]!
  })

describe('createPictureStore', () => {
  it('loads each picture of a batch once, two at a time, and says which post has it', async () => {
    const { store, asked, watch } = createStore()
    const { pixels, choice, present } = await store.load(posts('1', undefined, '2', '1', '3', '4'))
    expect([...present]).toEqual([1, 0, 1, 1, 1, 1])
    expect(picturesIn(pixels)).toEqual([1, 2, 3, 4])
    expect(choice.shape).toEqual([6, 1, 4])
    const [a, b, c, d] = [1, 0, 0, 0].map((_, i) => [0, 1, 2, 3].map(place => Number(place === i)))
    expect([...choice.data]).toEqual([a, [0, 0, 0, 0], b, a, c, d].flat())
    expect(asked).toEqual(['images/1', 'images/2', 'images/3', 'images/4'])
    expect(watch.most).toBe(2)
  })

  it('has room for what posts name, broken ones too, or a picture in every place', async () => {
    const several: Post = { ...posts('1')[0]!, images: ['1', 'broken', '2'] }
    const given = [several, ...posts('2', undefined)]
    const { pixels, choice, present } = await createStore().store.load(given)
    expect([picturesIn(pixels), choice.shape, [...present]]).toEqual([
      [1, 2],
      [3, 3, 2],
      [1, 1, 0],
    ])
    const [none, first, second] = [
      [0, 0],
      [1, 0],
      [0, 1],
    ]
    expect([...choice.data]).toEqual([first, second, none, second, none, none, none, none, none].flat())
    const filled = await createStore({ fill: true }).store.load(given)
    expect(picturesIn(filled.pixels)).toEqual([1, 2, 0, 2, 0, 0, 0, 0, 0])
    expect(filled.choice.shape).toEqual([3, 3, 9])
    const ones = [...filled.choice.data].flatMap((value, at) => (value === 1 ? [at] : []))
    expect(ones).toEqual([0 * 9 + 0, 1 * 9 + 1, 3 * 9 + 3])
  })

  it('keeps the bound when batches overlap', async () => {
    const { store, watch } = createStore({ inFlight: 3 })
    await Promise.all([store.load(posts('1', '2', '3')), store.load(posts('4', '5', '6', '7'))])
    expect(watch.most).toBe(3)
  })

  it('masks a broken picture, reports it once, and goes on', async () => {
    const { store, asked } = createStore({ cachedPictures: 1 })
    for (let epoch = 0; epoch < 2; epoch++) {
      const { pixels, choice, present } = await store.load(posts('broken', '2', 'broken'))
      expect([...present]).toEqual([0, 1, 0])
      expect([picturesIn(pixels), [...choice.data]]).toEqual([[2], [0, 1, 0]])
    }
    expect(store.broken()).toEqual([{ file: 'broken', reason: 'not a picture' }])
    expect(asked).toEqual(['images/broken', 'images/2'])
  })

  it('stops at a broken picture where it is to', async () => {
    const { store } = createStore({ onBrokenPicture: 'stop' })
    await expect(store.load(posts('1', 'broken'))).rejects.toThrow(
      'images/broken must be a picture that can be decoded. Received: not a picture. Replace the file',
    )
  })

  it('tells the reason without the path, which the report has already', async () => {
    const { store } = createStore({
      load: path => Promise.reject(new Error(`${path}: it is empty. Fetch it.`)),
    })
    await store.load(posts('1'))
    expect(brokenPictureLines(store.broken())).toEqual([
      '1 broken picture, whose posts count as posts without one:',
      '  1: it is empty. Fetch it',
    ])
    const many = Array.from({ length: 23 }, (_, i) => ({ file: `${i}.png`, reason: 'empty' }))
    expect(brokenPictureLines(many).slice(19)).toEqual(['  18.png: empty', '  19.png: empty', '  and 3 more'])
    expect(brokenPictureLines([])).toEqual([])
  })

  it('does not take wrong options of the loader for a broken picture', async () => {
    const error = new InvalidArgumentError({ argument: 'resize', rule: 'must be larger', received: 1 })
    const { store } = createStore({ load: () => Promise.reject(error) })
    await expect(store.load(posts('1'))).rejects.toBe(error)
    expect(store.broken()).toEqual([])
  })

  it('forgets the picture used longest ago first', async () => {
    const { store, asked } = createStore({ cachedPictures: 2 })
    for (const image of ['1', '2', '1', '3', '1', '2']) await store.load(posts(image))
    expect(asked).toEqual(['images/1', 'images/2', 'images/3', 'images/2'])
  })

  it('refuses sizes and pictures that do not fit', async () => {
    expect(() => createStore({ size: 0 })).toThrow('size must be a whole number of at least 1. Received: 0.')
    expect(() => createStore({ inFlight: 0.5 })).toThrow('inFlight must be a whole number of at least 1.')
    await expect(createStore({ size: 3 }).store.load(posts('1'))).rejects.toThrow(
      'load must give pictures of shape [3, 3, 3]. Received: [2, 2, ...], 12 numbers, for 1.',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { batchOrder, collate, type Example, labelScheme, type WordEncoder } from '../src'

describe('batchOrder', () => {
  it('gives every example once, in file order, the last batch with what is left', () => {
    expect(batchOrder(5, { batchSize: 2 })).toEqual([[0, 1], [2, 3], [4]])
    expect(batchOrder(0, { batchSize: 2 })).toEqual([])
  })

  it('shuffles by seed and epoch only', () => {
    const order = (seed: number, epoch: number) =>
      batchOrder(50, { batchSize: 8, seed, epoch, shuffle: true })
    const sorted = order(1, 0)
      .flat()
      .sort((a, b) => a - b)
    expect(sorted).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(order(1, 0)).toEqual(order(1, 0))
    expect(order(1, 0)).not.toEqual(order(1, 1))
    expect(order(1, 0)).not.toEqual(order(2, 0))
  })

  it('holds posts of like length together when it knows the lengths, each once, by seed and epoch', () => {
    const lengths = Array.from({ length: 100 }, (_, i) => (i * 37) % 50)
    const order = (epoch: number) => batchOrder(100, { batchSize: 8, seed: 1, epoch, shuffle: true, lengths })
    const batches = order(0)
    expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()])
    expect(batches.map(batch => batch.length).sort((a, b) => b - a)).toEqual([...Array(12).fill(8), 4])
    const padding = (made: number[][]): number =>
      made.reduce((sum, batch) => sum + Math.max(...batch.map(i => lengths[i]!)) * batch.length, 0)
    expect(padding(batches)).toBeLessThan(
      0.7 * padding(batchOrder(100, { batchSize: 8, seed: 1, shuffle: true })),
    )
    expect(order(0)).toEqual(batches)
    expect(order(1)).not.toEqual(batches)
    const longest = batches.map(batch => Math.max(...batch.map(i => lengths[i]!)))
    expect(longest).not.toEqual([...longest].sort((a, b) => b - a))
  })

  it.each([0, 1.5, Number.NaN])('refuses a batch size of %d', batchSize => {
    expect(() => batchOrder(5, { batchSize })).toThrow('batchSize must be a positive whole number.')
  })
})

// A tokenizer that can be followed by hand: 1 ... 2 around the words, one piece (10 + index) per letter, at most 6 ids.
const tokenizer: WordEncoder = {
  specialIds: { pad: 9 },
  encodeWords(words) {
    const ids = [1]
    const firstPieces: number[] = []
    const unknown: number[] = []
    for (const [index, word] of words.entries()) {
      const size = Math.max(1, word.length)
      if (ids.length + size > 5) break
      if (word === '') unknown.push(index)
      firstPieces.push(ids.length)
      for (let piece = 0; piece < size; piece++) ids.push(10 + index)
    }
    return { ids: [...ids, 2], firstPieces, unknown }
  },
}

const example = (words: string[], rest: Partial<Example> = {}): Example => ({
  id: words.join('-'),
  words,
  labels: words.map((_, index) => (index === 0 ? 'B-PER' : 'O')),
  source: { file: 'f.txt', line: 3 },
  ...rest,
})
const scheme = labelScheme(['PER'])

describe('collate', () => {
  it('pads to the longest post and says what was cut', () => {
    const examples = [
      example(['ab', ''], { image: 'x.jpg' }),
      example(['a', 'b', 'c', 'd', 'e', 'f'], { labels: ['B-PER', 'O', 'O', 'O', 'B-PER', 'I-PER'] }),
      example(['a']),
    ]
    expect(collate(examples, { tokenizer, scheme })).toEqual({
      examples,
      batch: 3,
      positions: 6,
      words: 4,
      ids: Int32Array.from([1, 10, 10, 11, 2, 9, 1, 10, 11, 12, 13, 2, 1, 10, 2, 9, 9, 9]),
      mask: Float32Array.from([1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]),
      firstPieces: Int32Array.from([1, 3, 0, 0, 1, 2, 3, 4, 1, 0, 0, 0]),
      wordMask: Float32Array.from([1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0]),
      labelIds: Int32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]),
      pictureIds: ['x.jpg', '\0without picture 1', '\0without picture 2'],
      keptWords: [2, 4, 1],
      unknownWords: [1, 0, 0],
      cut: [{ id: 'a-b-c-d-e-f', file: 'f.txt', line: 3, words: 6, kept: 4 }],
    })
  })

  it('pads to a fixed length, and leaves labels out without a scheme', () => {
    const batch = collate([example(['a'], { labels: undefined })], { tokenizer, padTo: 8 })
    expect(batch.positions).toBe(8)
    expect([...batch.mask]).toEqual([1, 1, 1, 0, 0, 0, 0, 0])
    expect(batch.labelIds).toBeUndefined()
  })

  it('refuses what it cannot make a batch of', () => {
    expect(() => collate([], { tokenizer })).toThrow('examples must be at least one. Received: none.')
    expect(() => collate([example(['a', 'b'])], { tokenizer, padTo: 3 })).toThrow(
      `padTo must be 'longest' or a whole number of at least 4, the length of post "a-b". Received: 3.`,
    )
    expect(() => collate([example(['a'], { labels: undefined })], { tokenizer, scheme })).toThrow(
      'f.txt:3 must have labels, to train on or to score. Received: post "a" without labels.',
    )
    expect(() => collate([example(['a'], { labels: ['B-LOC'] })], { tokenizer, scheme })).toThrow(
      'label must be one of',
    )
    expect(() => collate([example(['abcdefgh'])], { tokenizer })).toThrow(
      'f.txt:3 must have a first word that fits into the greatest length. Received: post "abcdefgh"',
    )
  })
})

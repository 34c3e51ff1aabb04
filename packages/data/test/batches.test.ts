import { describe, expect, it } from 'vitest'
import { collate, labelScheme, type Post, padBatch, tokenize, type WordEncoder } from '../src'

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

const example = (words: string[], rest: Partial<Post> = {}): Post => ({
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

  it('gives each piece the shape of its word, whatever of the post is tagged', () => {
    const wordShape = (word: string) => word.length + 3
    const examples = [example(['ab', '']), example(['a', 'b', 'c', 'd', 'e', 'f']), example(['a'])]
    const own = [
      { start: 1, end: 2 },
      { start: 0, end: 6 },
      { start: 0, end: 1 },
    ]
    const batch = collate(examples, { tokenizer, wordShape, own })
    const shapes = Int32Array.from([0, 5, 5, 3, 0, 0, 0, 4, 4, 4, 4, 0, 0, 4, 0, 0, 0, 0])
    expect(batch.shapes).toEqual(shapes)
    expect(collate(examples, { tokenizer })).not.toHaveProperty('shapes')
    const wide = padBatch(batch, { positions: 7 }, 9)
    expect([...wide.shapes!.subarray(0, 8)]).toEqual([0, 5, 5, 3, 0, 0, 0, 0])
    expect([...wide.shapes!.subarray(14)]).toEqual([0, 4, 0, 0, 0, 0, 0])
    expect(tokenize(examples, tokenizer, { wordShape }).shapes).toEqual({ data: shapes, shape: [3, 6] })
    expect(Object.keys(tokenize(examples, tokenizer))).toEqual(['ids', 'mask'])
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

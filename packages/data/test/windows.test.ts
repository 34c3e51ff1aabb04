import { permutation, uniform } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import { type Post, type TextWindow, windowOverlapOf, windowsOf } from '../src'

/** A tokenizer that can be followed by hand: a piece for each letter, [CLS] and [SEP] around, at most `maxLength` ids. */
const spelling = (maxLength: number) => ({
  maxLength,
  encodeWords(words: readonly string[]) {
    const firstPieces: number[] = []
    let length = 1
    for (const word of words) {
      if (length + word.length + 1 > maxLength) break
      firstPieces.push(length)
      length += word.length
    }
    return { ids: new Int32Array(length + 1), firstPieces, unknown: [] }
  },
})

const post = (words: string[]): Post => ({
  id: 'long',
  words,
  labels: words.map((_, word) => `B-${word}`),
  image: 'a.png',
  images: ['a.png', 'b.png'],
  source: { file: 'f.txt', line: 3 },
})

const shown = (windows: TextWindow[]): string[] =>
  windows.map(({ example: { words }, own: { start, end } }) =>
    words.map((word, i) => (i >= start && i < end ? word.toUpperCase() : word)).join(' '),
  )

describe('windowsOf', () => {
  it('divides at words, and gives each word to the window with most context on its nearer side', () => {
    const words = 'a b c d e f g h i j'.split(' ')
    const windows = windowsOf(post(words), { tokenizer: spelling(8), windowOverlap: 4 })
    // Six pieces in a window, of which four are shared; e has one before and one after it in the first, two in the second.
    expect(shown(windows)).toEqual(['A B C D e f', 'c d E F g h', 'e f G H I J'])
    expect(windows.map(({ example }) => example.labels!.join(' '))).toEqual([
      'B-0 B-1 B-2 B-3 B-4 B-5',
      'B-2 B-3 B-4 B-5 B-6 B-7',
      'B-4 B-5 B-6 B-7 B-8 B-9',
    ])
    const rest = {
      id: 'long',
      image: 'a.png',
      images: ['a.png', 'b.png'],
      source: { file: 'f.txt', line: 3 },
    }
    for (const { example } of windows) expect(example).toMatchObject(rest)
  })

  it('counts context in pieces, and shares fewer where the next word would not fit', () => {
    const words = 'aaa b c ddddd e'.split(' ')
    const windows = windowsOf(post(words), { tokenizer: spelling(8), windowOverlap: 4 })
    expect(shown(windows)).toEqual(['AAA B C', 'c DDDDD', 'E'])
  })

  it('leaves a post alone that fits, or that is to be cut', () => {
    const example = post('a b c d e f'.split(' '))
    const whole = [{ example, own: { start: 0, end: 6 } }]
    expect(windowsOf(example, { tokenizer: spelling(8), windowOverlap: 2 })).toEqual(whole)
    expect(windowsOf(example, { tokenizer: spelling(4) })).toEqual(whole)
  })

  it('holds every word once as its own, with no more context in any other window', () => {
    const draw = uniform(400, { seed: 5, site: 'words' })
    for (const [maxLength, windowOverlap] of [
      [9, 0],
      [9, 3],
      [12, 6],
      [16, 13],
      [7, 2],
    ] as const) {
      for (const count of [1, 5, 23, 80]) {
        const order = permutation(400, { seed: count + maxLength, site: 'order' }).slice(0, count)
        const words = [...order].map(i => 'x'.repeat(1 + Math.floor(draw[i]! * 4)))
        const example = post(words)
        const tokenizer = spelling(maxLength)
        const windows = windowsOf(example, { tokenizer, windowOverlap })
        const own = windows.flatMap(({ example: { labels }, own: { start, end } }) =>
          labels!.slice(start, end),
        )
        expect(own).toEqual(example.labels)
        const size = (some: readonly string[]): number => some.join('').length
        for (const [i, { example: one, own: ownWords }] of windows.entries()) {
          expect(tokenizer.encodeWords(one.words).firstPieces).toHaveLength(one.words.length)
          expect(ownWords.end).toBeGreaterThan(ownWords.start)
          const last = windows[i - 1]?.example.labels ?? []
          const common = one.words.filter((_, word) => last.includes(one.labels![word]!))
          expect(size(common)).toBeLessThanOrEqual(windowOverlap)
        }
        const contextIn = ({ example: { labels, words: some } }: TextWindow, label: string): number => {
          const at = labels!.indexOf(label)
          if (at < 0) return -1
          const left = labels![0] === 'B-0' ? Infinity : size(some.slice(0, at))
          const right = labels!.at(-1) === example.labels!.at(-1) ? Infinity : size(some.slice(at + 1))
          return Math.min(left, right)
        }
        for (const window of windows) {
          for (const label of window.example.labels!.slice(window.own.start, window.own.end)) {
            const most = Math.max(...windows.map(one => contextIn(one, label)))
            expect(contextIn(window, label)).toBe(most)
          }
        }
      }
    }
  })
})

describe('windowOverlapOf', () => {
  it('takes what is asked for, then what the model was trained with, then a quarter of its length', () => {
    expect(windowOverlapOf({}, { maxLength: 128 })).toBeUndefined()
    expect(windowOverlapOf({}, { maxLength: 128, windowOverlap: 8 })).toBe(8)
    expect(windowOverlapOf({ longTexts: 'window' }, { maxLength: 128 })).toBe(32)
    expect(windowOverlapOf({ longTexts: 'window' }, { maxLength: 128, windowOverlap: 8 })).toBe(8)
    expect(windowOverlapOf({ windowOverlap: 0 }, { maxLength: 128, windowOverlap: 8 })).toBe(0)
    expect(windowOverlapOf({ longTexts: 'cut' }, { maxLength: 128, windowOverlap: 8 })).toBeUndefined()
  })

  it.each([
    [{ longTexts: 'split' as 'cut' }, 'longTexts must be one of window, cut. Received: split.'],
    [
      { longTexts: 'cut', windowOverlap: 3 } as const,
      'windowOverlap must be left out where long texts are cut.',
    ],
    [{ windowOverlap: 14 }, 'windowOverlap must be a whole number from 0 to 13'],
    [{ windowOverlap: 2.5 }, 'windowOverlap must be a whole number from 0 to 13'],
  ])('refuses %j', (options, message) => {
    expect(() => windowOverlapOf(options, { maxLength: 16 })).toThrow(message)
  })
})

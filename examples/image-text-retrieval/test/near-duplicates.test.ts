import { uniform } from '@mafjs/tensor'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { jaccard, removeNearDuplicates, shingles } from '../near-duplicates'
import { hammingDistance, pictureHash } from '../picture-hash'
import { withoutLinks } from '../read-pairs'

/** A picture of soft spots, another for every seed, as a file of any kind. */
const picture = (seed: number, change: (picture: Sharp) => Sharp): Promise<Buffer> => {
  const spots = uniform(6 * 5 * 3, { seed, site: 'spots' }).map(value => 255 * value)
  const small = sharp(Uint8Array.from(spots), { raw: { width: 6, height: 5, channels: 3 } })
  return change(small.resize(192, 160)).toBuffer()
}

const far = (seed: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, i) => ((i * seed) % 7) & 1)

describe('texts', () => {
  test('are near by the pairs of words that they share', () => {
    expect([...shingles('A small, RED disc!')]).toEqual(['a small', 'small red', 'red disc'])
    expect([...shingles('Disc')]).toEqual(['disc'])
    expect(jaccard(shingles('a b c d'), shingles('b c d e'))).toBe(2 / 4)
    expect(jaccard(new Set(), new Set())).toBe(0)
  })
  test('lose addresses, mentions and the mark of a repost', () => {
    expect(withoutLinks('RT @someone: a disc  http://a.bc/d #red')).toBe(': a disc #red')
    expect(withoutLinks('@someone https://a.bc')).toBe('')
  })
})

describe('pictures', () => {
  test('keep their hash when their size, colours or compression change, and lose it when they are mirrored', async () => {
    for (const seed of [1, 2, 3]) {
      const bytes = await picture(seed, original => original.png())
      const changed = await sharp(bytes).linear(0.9, 12).resize(70, 90, { fit: 'fill' }).jpeg().toBuffer()
      const mirrored = await sharp(bytes).flop().toBuffer()
      const hash = (await pictureHash(bytes))!
      expect(hammingDistance(hash, (await pictureHash(changed))!)).toBeLessThanOrEqual(6)
      expect(hammingDistance(hash, (await pictureHash(mirrored))!)).toBeGreaterThan(6)
    }
  })
  test('that get darker from left to right have a hash of ones, and of zeros the other way round', async () => {
    for (const [bit, of] of [(x: number) => 28 * x, (x: number) => 255 - 28 * x].entries()) {
      const grey = Uint8Array.from({ length: 9 * 8 }, (_, i) => of(i % 9))
      const bytes = await sharp(grey, { raw: { width: 9, height: 8, channels: 1 } })
        .png()
        .toBuffer()
      expect([...(await pictureHash(bytes))!]).toEqual(Array(64).fill(bit))
    }
  })
  test('that cannot be decoded have none', async () => {
    expect(await pictureHash(Buffer.from('no picture'))).toBeUndefined()
  })
})

test('planted near-duplicates are removed, each for its reason, and nothing else', () => {
  const flipped = far(3).map((bit, i) => (i < 6 ? 1 - bit : bit))
  const seventh = far(3).map((bit, i) => (i < 7 ? 1 - bit : bit))
  const { kept, removed } = removeNearDuplicates([
    { text: 'a small red disc on white ground', hash: far(3) },
    { text: 'two words', hash: far(5) },
    { text: '?!', hash: far(9) }, // no word
    { text: 'A SMALL red disc on grey ground', hash: far(11) }, // 4 of 8 pairs of words
    { text: 'nothing like it', hash: flipped }, // 6 of 64
    { text: 'two words!', hash: far(5) }, // both
    { text: 'seven are too many', hash: seventh },
    { text: 'a red disc', hash: far(13) }, // 1 of 7
  ])
  expect(kept).toEqual([0, 1, 6, 7])
  expect(removed).toEqual({ withoutWords: 1, text: 1, picture: 1, both: 1 })
})

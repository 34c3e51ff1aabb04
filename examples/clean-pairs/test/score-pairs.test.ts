import { describe, expect, test } from 'vitest'
import { stack } from '../features'
import { dealFolds } from '../folds'
import { duplicateGroups } from '../near-duplicates'
import { type PairRecord, pairUp, plantMismatches } from '../pairs'
import { hammingDistance, type PictureHash } from '../picture-hash'
import { scorePairs } from '../score-pairs'

const far = (seed: number): PictureHash => [Math.imul(seed, 0x9e3779b1) | 0, Math.imul(seed, 0x85ebca6b) | 0]

describe('folds', () => {
  test('hold every pair once and never divide a group', () => {
    const groups = Array.from({ length: 53 }, (_, i) => (i < 9 ? 0 : i < 14 ? 9 : i))
    const folds = dealFolds(groups, 4, 7)
    expect(folds.flat().sort((a, b) => a - b)).toEqual([...groups.keys()])
    for (const fold of folds) expect(Math.abs(fold.length - 53 / 4)).toBeLessThan(1)
    for (const group of [0, 9]) {
      expect(folds.filter(fold => fold.some(row => groups[row] === group))).toHaveLength(1)
    }
    expect(dealFolds(groups, 4, 8)).not.toEqual(folds)
    expect(() => dealFolds([1, 1, 2], 3, 0)).toThrow(/at least 3 that are not near-duplicates/)
  })
})

test('no pair is scored by a model that has seen it or a near-duplicate, nor are exchanged ones', async () => {
  // The one feature of either side is the group: whoever has seen a pair of it can tell.
  const groups = Array.from({ length: 40 }, (_, row) => (row < 6 ? 0 : row))
  const column = stack(groups.map(group => [group]))
  const sizes: number[] = []
  const { raw, observed, exchanged } = await scorePairs(
    { text: column, image: column, groups },
    {
      seed: 3,
      exchanges: 4,
      async learn(train) {
        const seen = new Set([...train.text.data, ...train.image.data])
        expect(seen.size).toBe(new Set(train.groups).size)
        expect([...train.text.data].reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4) // by its own mean
        return {
          async score({ text, image }, pairs) {
            sizes.push(text.shape[0])
            for (const value of [...text.data, ...image.data]) expect(seen.has(value)).toBe(false)
            const isOwn = pairs.every(([one, other]) => one === other)
            const isForeign = pairs.every(([one, other]) => text.data[one] !== image.data[other])
            expect(isOwn || isForeign).toBe(true)
            return pairs.map(([one, other]) => text.data[one]! + 2 * image.data[other]!)
          },
          async dispose() {},
        }
      },
    },
  )
  expect(sizes).toHaveLength(10)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2 * 40)
  expect(raw.filter(Number.isFinite)).toHaveLength(40)
  expect(observed.filter(Number.isFinite)).toHaveLength(40)
  const mean = exchanged.reduce((sum, score) => sum + score, 0) / exchanged.length
  expect(mean).toBeCloseTo(0, 9)
  expect(exchanged.reduce((sum, score) => sum + score ** 2, 0) / exchanged.length).toBeCloseTo(1, 9)
})

test('planted mismatches keep every picture, and nobody gets a near-duplicate of the own one', () => {
  const records = Array.from({ length: 50 }, (_, id): PairRecord => ({ id, text: '', image: '' }))
  const features = stack(records.map((_, row) => [row]))
  const groupOf = (row: number): number => (row < 5 ? 0 : row)
  const encoded = {
    records,
    text: features,
    image: features,
    groups: (given: readonly number[]) => given.map(groupOf),
  }
  const pictures = plantMismatches(encoded, 0.3, 4)
  expect([...pictures].sort((a, b) => a - b)).toEqual([...records.keys()])
  const moved = pictures.flatMap((picture, row) => (picture === row ? [] : [[row, picture] as const]))
  expect(moved).toHaveLength(15)
  for (const [row, picture] of moved) expect(groupOf(row)).not.toBe(groupOf(picture))
  expect([...pairUp(encoded, pictures).image.data]).toEqual(pictures)
})

test('near-duplicates by text or picture are one group, through others too', () => {
  const flip = ([high, low]: PictureHash, bits: number): PictureHash => [high, low ^ (2 ** bits - 1)]
  expect(hammingDistance(far(3), flip(far(3), 6))).toBe(6)
  const groups = duplicateGroups([
    { text: 'a small red disc on white ground', hash: far(3) },
    { text: 'two words', hash: far(5) },
    { text: 'A SMALL red disc on grey ground', hash: far(11) }, // 4 of 8 pairs of words
    { text: 'nothing like it', hash: flip(far(11), 6) }, // 6 bits from the one before
    { text: 'seven are too many', hash: flip(far(5), 7) },
    { text: 'a red disc', hash: far(13) }, // 1 of 7
  ])
  expect(groups).toEqual([0, 1, 0, 0, 4, 5])
})

import { dropoutMask, normal, permutation, philox, randomWords, uniform } from '@mafjs/tensor'
import { expect, test } from 'vitest'

/** The published known answers of Random123 for philox4x32-10. */
test.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as [[number, number, number, number], [number, number], number[]][])(
  'philox gives the published known answers',
  (counter, key, expected) => {
    expect([...philox(counter, key)]).toEqual(expected)
  },
)

test('seed, step and site each name another stream, and a prefix of a stream is the same stream', () => {
  const key = { seed: 1, step: 2, site: 'a' }
  const words = [...randomWords(64, key)]
  expect([...randomWords(10, key)]).toEqual(words.slice(0, 10))
  const others = [
    { ...key, seed: 2 },
    { ...key, seed: 1 + 2 ** 32 },
    { ...key, step: 3 },
    { ...key, site: 'b' },
  ]
  for (const other of others) {
    expect(randomWords(64, other).filter((word, i) => word === words[i]).length).toBeLessThan(2)
  }
})

test('the draws have the moments of their distributions', () => {
  const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length
  const draws = uniform(40_000, { seed: 5, site: 'u' })
  expect(Math.min(...draws.subarray(0, 1000))).toBeGreaterThanOrEqual(0)
  expect(Math.abs(mean(draws) - 0.5)).toBeLessThan(0.01)
  const gauss = normal(40_000, { seed: 5, site: 'n' })
  expect(Math.abs(mean(gauss))).toBeLessThan(0.02)
  expect(Math.abs(mean(gauss.map(value => value * value)) - 1)).toBeLessThan(0.03)
  const mask = dropoutMask(40_000, 0.25, { seed: 5, site: 'd' })
  expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.75)]))
  expect(Math.abs(mean(mask) - 1)).toBeLessThan(0.01)
  expect(permutation(50, { seed: 5, site: 'p' }).sort((a, b) => a - b)).toEqual([...Array(50).keys()])
})

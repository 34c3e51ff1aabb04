import { expect, it } from 'vitest'
import { fromHalf, toHalf } from '../src/float16'

const PATTERNS = Uint16Array.from({ length: 0x10000 }, (_, half) => half)

it('counts up from zero by the step of each power of two, to infinity; a sign bit negates', () => {
  const positive = fromHalf(PATTERNS.subarray(0, 0x7c02))
  let value = 0
  for (let half = 0; half < 0x7c00; half++) {
    expect(positive[half]).toBe(value)
    value += 2 ** (Math.max(half >> 10, 1) - 25)
  }
  expect(value).toBe(65536)
  expect(positive[0x7c00]).toBe(Number.POSITIVE_INFINITY)
  expect(positive[0x7c01]).toBeNaN()
  expect(fromHalf(PATTERNS.subarray(0x8000, 0xfc02))).toEqual(positive.map(number => -number))
})

it('writes every float16 back, and rounds all between two to the nearest, ties to even', () => {
  const numbers = PATTERNS.filter(half => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0)
  expect(toHalf(fromHalf(numbers))).toEqual(numbers)
  expect(toHalf(Float32Array.of(Number.NaN))[0]! & 0x7fff).toBeGreaterThan(0x7c00)
  const wrong: number[] = []
  for (const sign of [0, 0x8000]) {
    for (let half = 0; half < 0x7c00; half++) {
      const [low, high] = fromHalf(Uint16Array.of(sign | half, sign | (half + 1)))
      // As if there were one more exponent: what is past the middle to 65536 is infinite.
      const middle = (low! + (Number.isFinite(high) ? high! : Math.sign(low!) * 65536)) / 2
      const step = middle * 2 ** -23
      const [below, at, above] = toHalf(Float32Array.of(middle - step, middle, middle + step))
      const even = half % 2 === 0 ? half : half + 1
      if (below !== (sign | half) || at !== (sign | even) || above !== (sign | (half + 1))) wrong.push(half)
    }
  }
  expect(wrong).toEqual([])
})

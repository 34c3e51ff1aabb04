import { expect, it } from 'vitest'
import { fromHalf } from '../src/safetensors/float16'

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

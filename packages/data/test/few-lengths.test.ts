import { expect, it } from 'vitest'
import { fewLengths } from '../src/batches/few-lengths'

it('leads all lengths to the greatest, and to a shorter one where most are far below it', () => {
  const even = fewLengths([10, 20, 30, 40])
  expect([1, 10, 39, 40].map(even)).toEqual([40, 40, 40, 40])
  // 9 rows of at most 12 and one of 400: computed are 9 x 12 + 400 of 4,000.
  const skewed = fewLengths([12, 8, 9, 10, 11, 12, 7, 400, 3, 12])
  expect([1, 12, 13, 400].map(skewed)).toEqual([12, 12, 400, 400])
  // Every other threshold computes more.
  expect(fewLengths([5, 5, 5, 5, 90, 100])(5)).toBe(5)
  expect(fewLengths([])(3)).toBe(3)
})

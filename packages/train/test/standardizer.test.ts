import { expect, test } from 'vitest'
import { standardizer } from '../src/batches/standardizer'

test('a standard scale is that of the vectors it was made of, worked out by hand', () => {
  // Column 0 has mean 3 and deviation 2, column 1 is always 0.1, whose sum is not exact.
  const standard = standardizer([[1, 0.1], [5, 0.1], [5, 0.1], [1, 0.1]]) // biome-ignore format: a matrix
  expect([...standard([1, 0.1])]).toEqual([-1, 0])
  expect([...standard([9, 7])]).toEqual([3, 0])
})

test('vectors of another length are refused', () => {
  expect(() => standardizer([[1], [1, 2]])).toThrow(
    /vectors\[1\] must have 1 numbers, as the first has. Received: 2/,
  )
  expect(() => standardizer([[1], [2]])([1, 2])).toThrow(/vector must have 1 numbers/)
})

import { expect, test } from 'vitest'
import { groupMeans, growth, scaleUp, summarise } from '../race/statistics'

test('median and quartiles lie between the nearest values, whatever their order', () => {
  expect(summarise([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25, count: 4 })
  expect(summarise([7])).toMatchObject({ low: 7, high: 7 })
  expect(() => summarise([])).toThrow('values')
})

test('a pass over several batches is one measurement, and an unfinished pass is none', () => {
  expect(groupMeans([1, 3, 10, 20, 5], 2)).toEqual([2, 15])
})

test('some steps of an epoch are scaled up, with the interval of their mean', () => {
  // Mean 3, variance 2.5 of five: standard error sqrt(0.5).
  const { total, spread } = scaleUp([1, 2, 3, 4, 5], 100)
  expect(total).toBeCloseTo(300, 10)
  expect(spread).toBeCloseTo(196 * Math.SQRT1_2, 8)
  expect(() => scaleUp([1], 100)).toThrow('Two steps')
})

test('the growth of a power law is its exponent', () => {
  const sizes = [1000, 4000, 16_000]
  expect(
    growth(
      sizes,
      sizes.map(size => 3 * size ** 1.5),
    ),
  ).toBeCloseTo(1.5, 10)
  expect(growth(sizes, [5, 5, 5])).toBeCloseTo(0, 10)
})

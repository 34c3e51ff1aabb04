import { expect, test } from 'vitest'
import { groupMeans, quantile, summarise } from '../race/statistics'

test('median and quartiles lie between the nearest values, whatever their order', () => {
  expect(summarise([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25, count: 4 })
  expect(quantile([7], 0.25)).toBe(7)
  expect(() => quantile([], 0.5)).toThrow('values')
})

test('a pass over several batches is one measurement, and an unfinished pass is none', () => {
  expect(groupMeans([1, 3, 10, 20, 5], 2)).toEqual([2, 15])
})

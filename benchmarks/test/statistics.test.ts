import { expect, test } from 'vitest'
import { groupMeans, summarise } from '../race/statistics'

test('median and quartiles lie between the nearest values, whatever their order', () => {
  expect(summarise([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25, count: 4 })
  expect(summarise([7])).toMatchObject({ low: 7, high: 7 })
  expect(() => summarise([])).toThrow('values')
})

test('a pass over several batches is one measurement, and an unfinished pass is none', () => {
  expect(groupMeans([1, 3, 10, 20, 5], 2)).toEqual([2, 15])
})

import { expect, test } from 'vitest'
import { formatSpread } from '../../src/significance/format-spread'

test('mean and deviation of the sample, in percent', () => {
  expect(formatSpread([0.5, 0.7])).toBe('60.0 ±14.1')
  expect(formatSpread([0.12345], 2)).toBe('12.35')
})

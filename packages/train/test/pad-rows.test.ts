import { expect, test } from 'vitest'
import { padRows } from '../src/batches/pad-rows'

test('rows end where the mask says, with zeros behind', () => {
  expect(padRows([[5, 6], [], [7]], { dtype: 'int32' })).toEqual({
    values: { data: Int32Array.of(5, 6, 0, 0, 7, 0), shape: [3, 2] },
    mask: { data: Float32Array.of(1, 1, 0, 0, 1, 0), shape: [3, 2] },
  })
  expect(padRows([[1, 2]], { size: 2, positions: 2 })).toEqual({
    values: { data: Float32Array.of(1, 2, 0, 0), shape: [1, 2, 2] },
    mask: { data: Float32Array.of(1, 0), shape: [1, 2] },
  })
  expect(() => padRows([[1, 2, 3]], { size: 2 })).toThrow(/rows\[0\] must be whole positions, at most 2/)
  expect(() => padRows([[1, 2, 3]], { positions: 2 })).toThrow(/at most 2 positions/)
})

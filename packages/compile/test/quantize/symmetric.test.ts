import { expect, test } from 'vitest'
import { quantizeSymmetric, transposeBytes } from '../../src/quantize/symmetric'
import { draw } from './graphs'

test.each([
  { zeroPoint: 0, axis: 0 },
  { zeroPoint: 1, axis: 0 },
  { zeroPoint: 0, axis: 1 },
] as const)(
  'every number comes back within half a step, zero exactly ($zeroPoint, axis $axis)',
  ({ zeroPoint, axis }) => {
    const shape = [6, 4, 3]
    const values = draw(72).map((value, i) => (i % 7 === 0 ? 0 : value * (1 + (i % 4)) ** 3))
    const { data, scales } = quantizeSymmetric(values, shape, { axis, zeroPoint })
    expect(scales).toHaveLength(shape[axis]!)
    for (const [i, value] of values.entries()) {
      const channel = axis === 0 ? Math.floor(i / 12) : Math.floor(i / 3) % 4
      const scale = scales[channel]!
      expect(Math.abs(scale * (data[i]! - zeroPoint) - value)).toBeLessThanOrEqual((scale / 2) * (1 + 1e-5))
      if (value === 0) expect(data[i]).toBe(zeroPoint)
    }
    // The greatest magnitude of a channel is written as the greatest number: no step is wasted.
    expect(Math.max(...data.map(byte => Math.abs(byte - zeroPoint)))).toBe(127 - zeroPoint)
  },
)

test('a channel of zeros and a least scale', () => {
  const { data, scales } = quantizeSymmetric(Float32Array.of(0, 0, 1, -1), [2, 2], {
    axis: 0,
    leastScale: channel => channel * 0.5,
  })
  expect([...scales]).toEqual([1, 0.5])
  expect([...data]).toEqual([0, 0, 2, -2])
})

test('transposes', () => {
  expect([...transposeBytes(Int8Array.of(1, 2, 3, 4, 5, 6), 2, 3)]).toEqual([1, 4, 2, 5, 3, 6])
})

import { expect, test } from 'vitest'
import { levelsOf } from '../../src/graph/weight-type'
import { quantizeSymmetric, transposeBytes } from '../../src/quantize/symmetric'
import { draw } from './graphs'

test.each([
  { type: 'int8', shift: 0, axis: 0, least: -127, greatest: 127 },
  { type: 'int8', shift: 1, axis: 0, least: -125, greatest: 127 },
  { type: 'int8', shift: 0, axis: 1, least: -127, greatest: 127 },
  { type: 'int7', shift: 0, axis: 1, least: -64, greatest: 64 },
  { type: 'int7', shift: 1, axis: 0, least: -62, greatest: 64 },
  { type: 'uint8', shift: 0, axis: 0, least: 1, greatest: 255 },
  { type: 'uint8', shift: 1, axis: 0, least: 1, greatest: 255 },
] as const)(
  'every number comes back within half a step, zero exactly ($type, $shift, axis $axis)',
  ({ type, shift, axis, least, greatest }) => {
    const levels = levelsOf(type, shift)
    const { zeroPoint } = levels
    const shape = [6, 4, 3]
    const values = draw(72).map((value, i) => (i % 7 === 0 ? 0 : value * (1 + (i % 4)) ** 3))
    const { data, scales } = quantizeSymmetric(values, shape, { axis, levels })
    expect(scales).toHaveLength(shape[axis]!)
    for (const [i, value] of values.entries()) {
      const channel = axis === 0 ? Math.floor(i / 12) : Math.floor(i / 3) % 4
      const scale = scales[channel]!
      expect(Math.abs(scale * (data[i]! - zeroPoint) - value)).toBeLessThanOrEqual((scale / 2) * (1 + 1e-5))
      if (value === 0) expect(data[i]).toBe(zeroPoint)
    }
    // The greatest magnitude of a channel is written as the greatest level: no step is wasted, and none is beyond.
    const magnitudes = Array.from(data, byte => Math.abs(byte - zeroPoint))
    expect(Math.max(...magnitudes)).toBe(levels.greatest)
    for (const byte of data) {
      expect(byte).toBeGreaterThanOrEqual(least)
      expect(byte).toBeLessThanOrEqual(greatest)
    }
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

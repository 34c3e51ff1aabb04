import { toFloat32 } from '@mafjs/tensor/safetensors'
import { expect, it } from 'vitest'
import { storeFloat16 } from '../src/safetensors/store-float16'

const PATTERNS = Uint16Array.from({ length: 0x10000 }, (_, half) => half)

const write = (values: Float32Array): Uint16Array =>
  new Uint16Array(storeFloat16(values, [values.length]).bytes.slice().buffer)
const read = (halves: Uint16Array): Float32Array =>
  toFloat32({ dtype: 'F16', shape: [halves.length], bytes: new Uint8Array(halves.slice().buffer) })

it('writes every float16 back, and rounds all between two to the nearest, ties to even', () => {
  const numbers = PATTERNS.filter(half => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0)
  expect(write(read(numbers))).toEqual(numbers)
  expect(write(Float32Array.of(Number.NaN))[0]! & 0x7fff).toBeGreaterThan(0x7c00)
  const wrong: number[] = []
  for (const sign of [0, 0x8000]) {
    for (let half = 0; half < 0x7c00; half++) {
      const [low, high] = read(Uint16Array.of(sign | half, sign | (half + 1)))
      // As if there were one more exponent: what is past the middle to 65536 is infinite.
      const middle = (low! + (Number.isFinite(high) ? high! : Math.sign(low!) * 65536)) / 2
      const step = middle * 2 ** -23
      const [below, at, above] = write(Float32Array.of(middle - step, middle, middle + step))
      const even = half % 2 === 0 ? half : half + 1
      if (below !== (sign | half) || at !== (sign | even) || above !== (sign | (half + 1))) wrong.push(half)
    }
  }
  expect(wrong).toEqual([])
})

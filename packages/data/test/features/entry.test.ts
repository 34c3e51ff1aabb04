import { uniform } from '@mafjs/tensor'
import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import { describe, expect, it } from 'vitest'
import { type EntryKey, readEntry, writeEntry } from '../../src/features/entry'
import type { Features } from '../../src/features/features'
import { relativeError, roundFeatures } from '../../src/features/round-features'

const numbers = (count: number, site: string): Float32Array =>
  Float32Array.from(uniform(count, { seed: 3, site }), value => (value - 0.5) * 10)

const FEATURES: Features = {
  regions: 3,
  channels: 5,
  states: numbers(15, 'states'),
  summary: numbers(5, 'summary'),
  mask: Float32Array.of(1, 1, 0),
}
const KEY: EntryKey = { source: 'a'.repeat(64), picture: 'b'.repeat(64), type: 'float32' }
const HALF: EntryKey = { ...KEY, type: 'float16' }

describe.each([
  ['float32', KEY, FEATURES],
  ['float16', HALF, roundFeatures(FEATURES)],
] as const)('an entry in %s', (_, key, features) => {
  const file = writeEntry(features, key)

  it('gives back every bit, also from where numbers do not lie at multiples of four', () => {
    const rounding = features.rounding && {
      largest: Math.fround(features.rounding.largest),
      errors: Math.fround(features.rounding.errors),
      squares: Math.fround(features.rounding.squares),
    }
    expect(readEntry(file, key)).toEqual({ ...features, ...(rounding && { rounding }) })
    const shifted = new Uint8Array(file.length + 1).subarray(1)
    shifted.set(file)
    expect(readEntry(shifted, key)).toEqual(readEntry(file, key))
  })

  it('is refused when any one bit is another, when it is cut anywhere, and when it has more', () => {
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const flipped = Uint8Array.from(file)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(readEntry(flipped, key), `bit ${bit}`).toBeUndefined()
    }
    for (let length = 0; length < file.length; length++) {
      expect(readEntry(file.subarray(0, length), key), `${length} bytes`).toBeUndefined()
    }
    expect(readEntry(Buffer.concat([file, Buffer.of(0)]), key)).toBeUndefined()
    // A disk that ran full or lost power leaves zeros.
    expect(readEntry(new Uint8Array(file.length), key)).toBeUndefined()
  })

  it('is refused under another key', () => {
    const other = 'c'.repeat(64)
    const changes: Partial<EntryKey>[] = [
      { source: other },
      { picture: other },
      { type: key.type === 'float16' ? 'float32' : 'float16' },
    ]
    for (const change of changes) expect(readEntry(file, { ...key, ...change })).toBeUndefined()
  })
})

it('an entry is a safetensors file that others can read', () => {
  const { tensors, metadata } = readSafetensors(writeEntry(FEATURES, KEY))
  expect(metadata).toMatchObject({ source: KEY.source, picture: KEY.picture, type: 'float32' })
  expect(tensors['states']).toMatchObject({ dtype: 'F32', shape: [3, 5] })
  expect(toFloat32(tensors['summary']!)).toEqual(FEATURES.summary)
})

describe('float16', () => {
  it('changes a number by at most 2^-11 of it, and says by how much', () => {
    const { states, summary, rounding } = roundFeatures(FEATURES)
    const [before, after] = [FEATURES, { states, summary }].map(all => [...all.states, ...all.summary])
    const errors = before!.map((x, i) => after![i]! - x)
    const norm = (values: readonly number[]): number => Math.hypot(...values)
    expect(rounding!.largest).toBeCloseTo(Math.max(...errors.map((e, i) => Math.abs(e / before![i]!))), 15)
    expect(rounding!.largest).toBeLessThanOrEqual(2 ** -11)
    expect(relativeError(rounding!)).toBeCloseTo(norm(errors) / norm(before!), 12)
  })

  it('has no place for large numbers, and says so', () => {
    const large = { ...FEATURES, summary: Float32Array.of(1, 2, 3, 4, 70000) }
    expect(() => roundFeatures(large)).toThrow(
      'featureType may be float16 only where the image encoder gives finite numbers up to 65504. ' +
        'Received: 70000. Take float32.',
    )
  })
})

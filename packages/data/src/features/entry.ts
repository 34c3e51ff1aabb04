import { crc32 } from 'node:zlib'
import {
  readSafetensors,
  type StoredTensor,
  safetensorsChunks,
  storeFloat16,
  storeFloat32,
  toFloat32,
} from '@mafjs/tensor/safetensors'
import type { Features, FeatureType } from './features'

/** What an entry is of: a change of any part makes it another entry. */
export interface EntryKey {
  /** Of encoder, preparation and engine, hexadecimal. */
  source: string
  /** SHA-256 of the picture's file, hexadecimal. */
  picture: string
  type: FeatureType
}

/** The tensors of an entry, in the order in which they lie. */
function tensorsOf({ regions, channels, rounding, ...features }: Features, type: FeatureType) {
  const store = type === 'float32' ? storeFloat32 : storeFloat16
  return {
    // First, so that it lies at a multiple of four bytes.
    ...(rounding && {
      rounding: storeFloat32(Float32Array.of(rounding.largest, rounding.errors, rounding.squares), [3]),
    }),
    states: store(features.states, [regions, channels]),
    summary: store(features.summary, [channels]),
    mask: store(features.mask, [regions]),
  }
}

/** The header of an entry: it names what the entry is of and the sum of its data, so that all bytes are checked. */
function headerOf(tensors: Record<string, StoredTensor>, key: EntryKey, sum: number): Uint8Array {
  const { source, picture, type } = key
  const metadata = { source, picture, type, crc32: sum.toString(16).padStart(8, '0') }
  return safetensorsChunks(tensors, metadata)[0]!
}

/** An entry as the bytes of its file: safetensors, with a CRC-32 of the data in the header. */
export function writeEntry(features: Features, key: EntryKey): Uint8Array {
  const tensors = tensorsOf(features, key.type)
  const data = Buffer.concat(Object.values(tensors).map(({ bytes }) => bytes))
  return Buffer.concat([headerOf(tensors, key, crc32(data)), data])
}

/** Float32 numbers where they lie if that is at a multiple of four bytes; else, and of float16, a copy. */
function floatsOf(stored: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = stored.bytes
  const isInPlace = stored.dtype === 'F32' && byteOffset % 4 === 0
  return isInPlace ? new Float32Array(buffer, byteOffset, byteLength / 4) : toFloat32(stored)
}

/**
 * Features from the bytes of an entry.
 *
 * @returns nothing for bytes that are not exactly what was written under this key
 */
export function readEntry(file: Uint8Array, key: EntryKey): Features | undefined {
  try {
    const { tensors } = readSafetensors(file)
    const { states, summary, mask, rounding } = tensors
    if (!states || !summary || !mask) return undefined
    const [regions, channels] = states.shape as [number, number]
    const names = ['rounding', 'states', 'summary', 'mask'].filter(name => Object.hasOwn(tensors, name))
    const ordered = Object.fromEntries(names.map(name => [name, tensors[name]!]))
    const size = names.reduce((sum, name) => sum + ordered[name]!.bytes.byteLength, 0)
    const start = file.byteLength - size
    const header = headerOf(ordered, key, crc32(file.subarray(start)))
    if (start !== header.byteLength || Buffer.compare(header, file.subarray(0, start)) !== 0) return undefined
    const [largest, errors, squares] = rounding ? floatsOf(rounding) : []
    return {
      regions,
      channels,
      states: floatsOf(states),
      summary: floatsOf(summary),
      mask: floatsOf(mask),
      ...(rounding && { rounding: { largest: largest!, errors: errors!, squares: squares! } }),
    }
  } catch {
    return undefined
  }
}

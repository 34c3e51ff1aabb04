import { InvalidArgumentError } from './errors'
import { fromHalf, toHalf } from './float16'

/** One stored tensor: little-endian, row-major bytes with their type and shape. */
export interface StoredTensor {
  dtype: SafetensorsType
  shape: number[]
  /** The raw little-endian bytes, without a copy where the file allows it. */
  bytes: Uint8Array
}

/** The element types of the safetensors format. */
export type SafetensorsType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U64'
  | 'U32'
  | 'U16'
  | 'U8'
  | 'BOOL'

/** Bytes of one element of each type. */
export const ELEMENT_BYTES: Readonly<Record<SafetensorsType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
}

/** The format's own limit; a larger header is an attack or not a safetensors file. */
const MAX_HEADER_BYTES = 100_000_000

/** What a safetensors file holds. */
export interface SafetensorsContent {
  tensors: Record<string, StoredTensor>
  /** The `__metadata__` of the header, text by name. */
  metadata: Record<string, string>
}

/**
 * Reads a safetensors file. Every offset is checked against the shape and the file before anything is returned.
 *
 * @param name what the file is called in errors. @default 'safetensors'
 * @throws InvalidArgumentError for a truncated file, a header too large or not JSON, or offsets that do not fit.
 */
export function readSafetensors(file: Uint8Array, name = 'safetensors'): SafetensorsContent {
  const refuse = (rule: string, received: unknown): never => {
    throw new InvalidArgumentError({
      argument: name,
      rule,
      received,
      fix: 'The file is damaged or is no safetensors file; fetch or save it again.',
    })
  }
  if (file.byteLength < 8) refuse('must be at least 8 bytes long', `${file.byteLength} bytes`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerBytes = Number(view.getBigUint64(0, true))
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > file.byteLength - 8) {
    refuse(
      `must have a header within the file and of at most ${MAX_HEADER_BYTES} bytes`,
      `a header of ${headerBytes} bytes in a file of ${file.byteLength}`,
    )
  }
  const text = new TextDecoder().decode(file.subarray(8, 8 + headerBytes))
  let header: Record<string, unknown> = {}
  try {
    header = JSON.parse(text)
  } catch {
    refuse('must have a JSON header', text.slice(0, 60))
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    refuse('must have a JSON object as its header', text.slice(0, 60))
  }
  const data = file.subarray(8 + headerBytes)
  const tensors: Record<string, StoredTensor> = Object.create(null)
  let metadata: Record<string, string> = {}
  for (const [key, value] of Object.entries(header)) {
    if (key === '__metadata__') {
      metadata = value as Record<string, string>
      continue
    }
    const entry = value as { dtype: SafetensorsType; shape: number[]; data_offsets: [number, number] }
    const [start, end] = Array.isArray(entry?.data_offsets) ? entry.data_offsets : [-1, -1]
    const size = Array.isArray(entry?.shape)
      ? entry.shape.reduce((product, axis) => product * axis, 1) * (ELEMENT_BYTES[entry.dtype] ?? Number.NaN)
      : Number.NaN
    const sane =
      Number.isInteger(start) &&
      start >= 0 &&
      end - start === size &&
      end <= data.byteLength &&
      entry.shape.every(axis => Number.isInteger(axis) && axis >= 0)
    if (!sane) refuse(`tensor "${key}" must lie within the file and fit its shape and dtype`, entry)
    tensors[key] = { dtype: entry.dtype, shape: entry.shape, bytes: data.subarray(start, end) }
  }
  return { tensors: { ...tensors }, metadata }
}

/**
 * The parts of a safetensors file, one after another: its header, then the tensors' own bytes in the order given. A file of
 * gigabytes can be written from them without being held a second time.
 */
export function safetensorsChunks(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = {}
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata
  let offset = 0
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] }
    offset += bytes.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(json.byteLength / 8) * 8
  const start = new Uint8Array(8 + headerBytes).fill(0x20)
  new DataView(start.buffer).setBigUint64(0, BigInt(headerBytes), true)
  start.set(json, 8)
  return [start, ...Object.values(tensors).map(({ bytes }) => bytes)]
}

/** Writes tensors as a safetensors file, in the order given. */
export function writeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const chunks = safetensorsChunks(tensors, metadata)
  const file = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let position = 0
  for (const chunk of chunks) {
    file.set(chunk, position)
    position += chunk.byteLength
  }
  return file
}

/** A float32 array as a stored tensor; the bytes are shared, not copied. */
export function storeFloat32(values: Float32Array, shape: readonly number[]): StoredTensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return { dtype: 'F32', shape: [...shape], bytes }
}

/** A float32 array as a stored tensor of float16: rounded to the nearest, ties to even; beyond 65504 infinite. */
export function storeFloat16(values: Float32Array, shape: readonly number[]): StoredTensor {
  return { dtype: 'F16', shape: [...shape], bytes: new Uint8Array(toHalf(values).buffer) }
}

/** The values of a stored tensor as float32, whatever its dtype (an int64 beyond 2^24 is rounded). */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array {
  const count = bytes.byteLength / ELEMENT_BYTES[dtype]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (dtype === 'F32') {
    // A copy is aligned; a view into the file need not be. (`slice` of a Node Buffer is a view too.)
    return new Float32Array(new Uint8Array(bytes).buffer)
  }
  if (dtype === 'F16') return fromHalf(new Uint16Array(new Uint8Array(bytes).buffer))
  const read: Record<Exclude<SafetensorsType, 'F32' | 'F16'>, (i: number) => number> = {
    F64: i => view.getFloat64(i * 8, true),
    BF16: i => {
      view16.setUint32(0, view.getUint16(i * 2, true) << 16)
      return view16.getFloat32(0)
    },
    I64: i => Number(view.getBigInt64(i * 8, true)),
    U64: i => Number(view.getBigUint64(i * 8, true)),
    I32: i => view.getInt32(i * 4, true),
    U32: i => view.getUint32(i * 4, true),
    I16: i => view.getInt16(i * 2, true),
    U16: i => view.getUint16(i * 2, true),
    I8: i => view.getInt8(i),
    U8: i => view.getUint8(i),
    BOOL: i => view.getUint8(i),
  }
  return Float32Array.from({ length: count }, (_, i) => read[dtype](i))
}

const view16 = new DataView(new ArrayBuffer(4))

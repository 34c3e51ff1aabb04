import { InvalidArgumentError } from '../errors'
import { readJsonText } from '../json/read-json-text'
import { fromHalf } from './float16'

/** One stored tensor: little-endian, row-major bytes with their type and shape. */
export interface StoredTensor {
  dtype: SafetensorsType
  shape: number[]
  /** The raw little-endian bytes, without a copy where the file allows it. */
  bytes: Uint8Array
}

/** The element types of the safetensors format. Those of {@link UNREAD_TYPES} are told apart, and their numbers are not read. */
export type SafetensorsType = ReadType | UnreadType

type ReadType =
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

/** Types whose tensors may lie in a file, though nothing here computes with them: quantised floats, complex numbers. */
export const UNREAD_TYPES = [
  'F8_E4M3',
  'F8_E5M2',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'F6_E2M3',
  'F6_E3M2',
  'F4',
  'C64',
  'C128',
] as const

type UnreadType = (typeof UNREAD_TYPES)[number]

/** Whether `toFloat32` reads tensors of a type. */
export const isReadType = (dtype: SafetensorsType): boolean => Object.hasOwn(ARRAYS, dtype)

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
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  F6_E2M3: 0.75,
  F6_E3M2: 0.75,
  F4: 0.5,
  C64: 8,
  C128: 16,
}

/** Names and places of 100,000 tensors; the format allows ten times as much, which is a gigabyte of objects once it is read. */
const MAX_HEADER_BYTES = 10_000_000

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
 * @throws InvalidArgumentError for a truncated file, a header too large or not JSON, a name that stands twice, metadata that is no
 * text by name, and tensors that do not fit their shapes or do not lie one behind the other through the whole file.
 */
export function readSafetensors(file: Uint8Array, name = 'safetensors'): SafetensorsContent {
  const refused = (rule: string, received: unknown): InvalidArgumentError =>
    new InvalidArgumentError({
      argument: name,
      rule,
      received,
      fix: 'The file is damaged or is no safetensors file; fetch or save it again.',
    })
  if (file.byteLength < 8) throw refused('must be at least 8 bytes long', `${file.byteLength} bytes`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerBytes = Number(view.getBigUint64(0, true))
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > file.byteLength - 8) {
    throw refused(
      `must have a header within the file and of at most ${MAX_HEADER_BYTES} bytes`,
      `a header of ${headerBytes} bytes in a file of ${file.byteLength}`,
    )
  }
  const header = readHeader(file.subarray(8, 8 + headerBytes), refused)
  const data = file.subarray(8 + headerBytes)
  const tensors: Record<string, StoredTensor> = Object.create(null)
  const places: Place[] = []
  const { __metadata__: metadata, ...entries } = header
  if (!isMetadata(metadata)) throw refused('must have texts by name as its __metadata__', metadata)
  for (const [key, value] of Object.entries(entries)) {
    const entry = Object(value) as { dtype: SafetensorsType; shape: number[]; data_offsets: [number, number] }
    const { dtype, shape, data_offsets: offsets } = entry
    if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENT_BYTES, dtype)) {
      throw new InvalidArgumentError({
        argument: name,
        rule: `tensor "${key}" must have one of the types ${Object.keys(ELEMENT_BYTES).join(', ')}`,
        received: dtype,
        fix: 'Save the file with that tensor in another type, or without it.',
      })
    }
    const isSane =
      [shape, offsets].every(
        sizes => Array.isArray(sizes) && sizes.every(size => Number.isSafeInteger(size) && size >= 0),
      ) &&
      offsets.length === 2 &&
      offsets[1] - offsets[0] === shape.reduce((product, axis) => product * axis, ELEMENT_BYTES[dtype]) &&
      offsets[1] <= data.byteLength
    if (!isSane) throw refused(`tensor "${key}" must lie within the file and fit its shape and dtype`, entry)
    tensors[key] = { dtype, shape, bytes: data.subarray(offsets[0], offsets[1]) }
    places.push({ key, start: offsets[0], end: offsets[1] })
  }
  const stray = strayBytes(places, data.byteLength)
  if (stray)
    throw refused(
      'must have its tensors one behind the other, and nothing between, twice or after them',
      stray,
    )
  return { tensors: { ...tensors }, metadata: { ...metadata } }
}

interface Place {
  key: string
  start: number
  end: number
}

/** What does not follow on the tensor before it: what another reader takes the file for may not depend on what it looks at. */
function strayBytes(places: Place[], bytes: number): string | undefined {
  let expected = 0
  for (const { key, start, end } of places.sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== expected) return `"${key}" from byte ${start} on, where ${expected} is next`
    expected = end
  }
  return expected === bytes ? undefined : `${bytes} bytes of data, of which tensors have ${expected}`
}

type Refused = (rule: string, received: unknown) => Error

function readHeader(bytes: Uint8Array, refused: Refused): Record<string, unknown> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let header: unknown
  try {
    header = readJsonText(decoder.decode(bytes), { repeatedNames: false })
  } catch (error) {
    throw refused('must have a JSON object as its header', (error as Error).message)
  }
  if (header instanceof Object && !Array.isArray(header)) return header as Record<string, unknown>
  throw refused('must have a JSON object as its header', header)
}

const isMetadata = (value: unknown): value is Record<string, string> | undefined | null =>
  value === undefined ||
  value === null ||
  (value instanceof Object &&
    !Array.isArray(value) &&
    Object.values(value).every(text => typeof text === 'string'))

/**
 * The parts of a safetensors file, one after another: its header, then the tensors' own bytes in the order given. A file of
 * gigabytes can be written from them without being held a second time.
 */
export function safetensorsChunks(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  const header: Record<string, unknown> = Object.create(null)
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

type NumbersOf = new (bytes: ArrayBuffer) => Iterable<number | bigint> & { length: number }

/** What reads the elements of each type, whose bytes are in the format's order on every platform; halves come as their bits. */
const ARRAYS: Record<ReadType, NumbersOf> = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
}

/**
 * The values of a stored tensor as float32, whatever its dtype (an int64 beyond 2^24 is rounded).
 *
 * @throws InvalidArgumentError for one of {@link UNREAD_TYPES}.
 */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array {
  if (!isReadType(dtype)) {
    throw new InvalidArgumentError({
      argument: 'tensor',
      rule: `must be of a type that is read: ${Object.keys(ARRAYS).join(', ')}`,
      received: dtype,
      fix: 'Save it as F32, F16 or BF16.',
    })
  }
  // A copy is aligned; a view into the file need not be. (`slice` of a Node Buffer is a view too.)
  const values = new ARRAYS[dtype as ReadType](new Uint8Array(bytes).buffer)
  if (values instanceof Float32Array) return values
  if (dtype === 'BF16') {
    return new Float32Array(Uint32Array.from(values as unknown as Uint16Array, half => half << 16).buffer)
  }
  if (dtype === 'F16') return fromHalf(values as unknown as Uint16Array)
  return Float32Array.from(values as Iterable<number>, Number)
}

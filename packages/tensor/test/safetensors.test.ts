import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from '@mafjs/tensor'
import { expect, test } from 'vitest'
import {
  ELEMENT_BYTES,
  readSafetensors,
  type SafetensorsType,
  storeFloat32,
  toFloat32,
  UNREAD_TYPES,
  writeSafetensors,
} from '../src/safetensors/safetensors'

const values = Float32Array.of(1.5, -2, 3.25, 0, -0, 1e-38)
const file = writeSafetensors(
  { 'layer.weight': storeFloat32(values, [2, 3]), empty: storeFloat32(new Float32Array(0), [0, 4]) },
  { format: 'pt' },
)

/** A file with any header over the given bytes of data. */
function withHeader(header: unknown, data = new Uint8Array(8)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const made = new Uint8Array(8 + json.length + data.length)
  new DataView(made.buffer).setBigUint64(0, BigInt(json.length), true)
  made.set(json, 8)
  made.set(data, 8 + json.length)
  return made
}

test('what is written is read again, from a Uint8Array and from a Node Buffer alike', () => {
  for (const bytes of [file, Buffer.concat([Buffer.alloc(3), file]).subarray(3)]) {
    const { tensors, metadata } = readSafetensors(bytes)
    expect(metadata).toEqual({ format: 'pt' })
    expect(tensors['layer.weight']!.shape).toEqual([2, 3])
    expect(toFloat32(tensors['layer.weight']!)).toEqual(values)
    expect(toFloat32(tensors['empty']!)).toHaveLength(0)
  }
})

test('half, brain and integer types decode to their numbers', () => {
  const stored = (dtype: SafetensorsType, bytes: number[]): Float32Array => {
    const shape = [bytes.length / ELEMENT_BYTES[dtype]]
    const header = { x: { dtype, shape, data_offsets: [0, bytes.length] } }
    return toFloat32(readSafetensors(withHeader(header, Uint8Array.from(bytes))).tensors['x']!)
  }
  expect([...stored('F16', [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c])]).toEqual([
    1,
    -2,
    2 ** -24,
    Infinity,
  ])
  expect([...stored('BF16', [0x80, 0x3f, 0x00, 0xc0])]).toEqual([1, -2])
  expect([...stored('I64', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]).toEqual([-1])
  expect([...stored('I32', [0x00, 0x01, 0x00, 0x00])]).toEqual([256])
  expect([...stored('I16', [0x00, 0xff])]).toEqual([-256])
  expect([...stored('I8', [0xff, 1])]).toEqual([-1, 1])
  expect([...stored('U64', [0, 1, 0, 0, 0, 0, 0, 0])]).toEqual([256])
  expect([...stored('U32', [0, 0, 0, 0x80])]).toEqual([2 ** 31])
  expect([...stored('U16', [0, 0xff])]).toEqual([0xff00])
  expect([...stored('U8', [7, 255])]).toEqual([7, 255])
  expect([...stored('BOOL', [1, 0])]).toEqual([1, 0])
  expect([...stored('F64', [0, 0, 0, 0, 0, 0, 0xf0, 0x3f])]).toEqual([1])
})

test.each(UNREAD_TYPES)('a tensor of type %s spoils no other, and is refused where it is used', dtype => {
  const header = {
    wanted: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    x: { dtype, shape: [4], data_offsets: [4, 4 + 4 * ELEMENT_BYTES[dtype]] },
  }
  const data = new Uint8Array(4 + 4 * ELEMENT_BYTES[dtype])
  data.set([0, 0, 0x80, 0x3f])
  const { tensors } = readSafetensors(withHeader(header, data))
  expect([...toFloat32(tensors['wanted']!)]).toEqual([1])
  expect(tensors['x']).toMatchObject({ dtype, shape: [4] })
  expect(() => toFloat32(tensors['x']!)).toThrow(`must be of a type that is read: F64, F32`)
})

// What PyPI's safetensors makes of each, by make-safetensors.py.
const oracle = JSON.parse(readFileSync(new URL('fixtures/safetensors.json', import.meta.url), 'utf8')) as {
  what: string
  file: string
  read: boolean
}[]
test.each(oracle)('$what: read or refused as the reference does', ({ file, read }) => {
  const bytes = Uint8Array.from(Buffer.from(file, 'base64'))
  if (read) expect(readSafetensors(bytes).tensors).toBeDefined()
  else expect(() => readSafetensors(bytes)).toThrow(InvalidArgumentError)
})

test('a header larger than its reader would bear is refused before it is read', () => {
  const header = ' '.repeat(10_000_001)
  expect(() => readSafetensors(withHeader(`{}${header}`))).toThrow(/at most 10000000 bytes/)
})

test.each([
  ['a file of three bytes', Uint8Array.of(1, 2, 3), /at least 8 bytes/],
  ['a truncated file', file.subarray(0, file.length - 4), /lie within the file/],
  ['a header larger than the file', Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0), /header within the file/],
  ['a header that is no JSON', withHeader('not json'), /JSON object as its header.*JSON/],
  ['a header that is a list', withHeader([]), /JSON object/],
  ['offsets beyond the data', withHeader({ x: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }), /"x"/],
  ['offsets that do not fit', withHeader({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 8] } }), /"x"/],
  ['a negative axis', withHeader({ x: { dtype: 'F32', shape: [-1, -2], data_offsets: [0, 8] } }), /"x"/],
  [
    'a dtype that is no text',
    withHeader({ x: { dtype: { toString: 1 }, shape: [2], data_offsets: [0, 8] } }),
    /"x" must have one of the types/,
  ],
  [
    'an unknown dtype',
    withHeader({ x: { dtype: 'Q4', shape: [2], data_offsets: [0, 8] } }),
    /"x" must have one of the types .*Received: Q4/,
  ],
])('%s is refused', (_what, bytes, message) => {
  expect(() => readSafetensors(bytes, 'model.safetensors')).toThrow(InvalidArgumentError)
  expect(() => readSafetensors(bytes, 'model.safetensors')).toThrow(message)
  expect(() => readSafetensors(bytes, 'model.safetensors')).toThrow(/^model\.safetensors/)
})

/** What the tests put into a pickle: Python's values, and the parts that only a program has. */
export type Pickled =
  | null
  | number
  | string
  | readonly Pickled[]
  | Map<string, Pickled>
  | { global: [string, string] }
  | { call: [Pickled, readonly Pickled[]] }
  | { storage: Pickled }
  | { raw: number[] }

const uint32 = (value: number): number[] => [...new Uint8Array(new Uint32Array([value]).buffer)]

function write(value: Pickled): number[] {
  if (value === null) return [0x4e]
  if (typeof value === 'number') {
    // LONG1 of 8 bytes where BININT is too small
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31
      ? [0x4a, ...uint32(value)]
      : [0x8a, 8, ...new Uint8Array(new BigInt64Array([BigInt(value)]).buffer)]
  }
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value)
    return [0x58, ...uint32(text.length), ...text]
  }
  if (value instanceof Map) {
    const items = [...value].flatMap(([key, item]) => [...write(key), ...write(item)])
    return [0x7d, 0x28, ...items, 0x75]
  }
  if ('raw' in value) return value.raw
  if ('global' in value) return [0x63, ...new TextEncoder().encode(`${value.global.join('\n')}\n`)]
  if ('call' in value) return [...write(value.call[0]), ...write(value.call[1]), 0x52]
  if ('storage' in value) return [...write(value.storage), 0x51]
  return [0x28, ...value.flatMap(write), 0x74]
}

/** A whole program of protocol 2. */
export const pickle = (value: Pickled): Uint8Array => Uint8Array.from([0x80, 2, ...write(value), 0x2e])

export const global = (module: string, name: string): Pickled => ({ global: [module, name] })

/** A tensor as torch's legacy format describes it. */
export function tensor({
  key = '0',
  type = global('torch', 'FloatStorage'),
  count = 4 as Pickled,
  offset = 0 as Pickled,
  shape = [4] as Pickled,
  strides = [1] as Pickled,
  view = null as Pickled,
} = {}): Pickled {
  const storage: Pickled = { storage: ['storage', type, key, 'cpu', count, view] }
  return { call: [global('torch._utils', '_rebuild_tensor_v2'), [storage, offset, shape, strides]] }
}

const MAGIC = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]

/** A legacy file of float32 storages. */
export function legacyFile(
  value: Pickled,
  storages: Record<string, number[]> = { 0: [1, 2, 3, 4] },
): Uint8Array {
  const machine = new Map<string, Pickled>([['little_endian', { raw: [0x88] }]])
  const parts = [
    Uint8Array.from(MAGIC),
    pickle(1001),
    pickle(machine),
    pickle(value),
    pickle(Object.keys(storages)),
    ...Object.values(storages).flatMap(values => [
      new Uint8Array(new BigUint64Array([BigInt(values.length)]).buffer),
      new Uint8Array(new Float32Array(values).buffer),
    ]),
  ]
  return Uint8Array.from(Buffer.concat(parts))
}

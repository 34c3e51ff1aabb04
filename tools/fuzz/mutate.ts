import type { Draw } from './draw'
import { mutateJson } from './mutate-json'

/** Bytes that mean something to one format or another: sizes, opcodes, line ends, half characters, magic numbers. */
const PIECES: readonly Uint8Array[] = [
  ...[
    [0],
    [0xff],
    [0x80, 2],
    [0x28],
    [0x2e],
    [0x94],
    [0x52],
    [0x71, 0],
    [0x0a],
    [0x0d, 0x0a],
    [0xed, 0xa0, 0x80],
  ],
  ...[
    [0xff, 0xff, 0xff, 0xff],
    [0, 0, 0, 0x80],
    [0xff, 0xff, 0xff, 0x7f],
    [0xef, 0xbb, 0xbf],
    [0xe2, 0x80, 0xa8],
  ],
  ...[
    'PK\x03\x04',
    '\t',
    '"',
    '- &a [*a]\n',
    '<!ENTITY a "b">',
    '\x28',
    '\u00ad',
    '👩‍🚀',
    'B-PER',
    '../../canary',
  ],
  ...[
    [1, 0, 0, 0, 0, 0, 0, 0],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ],
].map(piece => (typeof piece === 'string' ? Buffer.from(piece) : Uint8Array.from(piece)))

/** A larger content would only be slow. */
const MOST_BYTES = 2 ** 20

const HEADER = 8

/**
 * A valid file with something wrong in it: in the tree of a JSON text, of one of its lines or of a safetensors header, or in its
 * bytes.
 *
 * @param others files of the same kind, which parts are taken from
 */
export function mutate(bytes: Uint8Array, draw: Draw, others: readonly Uint8Array[]): Uint8Array {
  const inTree = draw.below(3) > 0 ? mutateTree(bytes, draw) : undefined
  let changed = inTree ?? bytes
  const changes = inTree ? Number(draw.below(10) === 0) : 1 + draw.below(4)
  for (let change = 0; change < changes; change++) changed = mutateBytes(changed, draw, others)
  return changed.subarray(0, MOST_BYTES)
}

function mutateTree(bytes: Uint8Array, draw: Draw): Uint8Array | undefined {
  const text = (part: Uint8Array): string => Buffer.from(part).toString()
  const header = bytes.length > HEADER && bytes[HEADER] === 0x7b ? bytes[0]! + 256 * bytes[1]! : 0
  if (header > 0) {
    const json = mutateJson(text(bytes.subarray(HEADER, HEADER + header)), draw)
    if (json === undefined) return undefined
    const length = Buffer.alloc(HEADER)
    length.writeUInt32LE(Buffer.byteLength(json))
    return Buffer.concat([length, Buffer.from(json), bytes.subarray(HEADER + header)])
  }
  const whole = text(bytes)
  const lines = whole.split('\n')
  const at = draw.below(lines.length)
  const json = mutateJson(whole, draw)
  const line = json === undefined ? mutateJson(lines[at]!, draw) : undefined
  const changed = json ?? (line === undefined ? undefined : lines.with(at, line).join('\n'))
  return changed === undefined ? undefined : Buffer.from(changed)
}

function mutateBytes(bytes: Uint8Array, draw: Draw, others: readonly Uint8Array[]): Uint8Array {
  const at = draw.below(bytes.length + 1)
  const length = draw.below(Math.min(64, bytes.length - at) + 1)
  const end = at + length
  const part = (from: Uint8Array): Uint8Array => {
    const start = draw.below(from.length + 1)
    return from.subarray(start, start + draw.below(200))
  }
  const put = (...between: Uint8Array[]): Uint8Array =>
    Buffer.concat([bytes.subarray(0, at), ...between, bytes.subarray(end)])
  const changes: (() => Uint8Array)[] = [
    () => bytes.map((byte, i) => (i === at ? byte ^ (1 << draw.below(8)) : byte)),
    () => bytes.map((byte, i) => (i === at ? draw.below(256) : byte)),
    () => put(draw.one(PIECES)),
    () => put(),
    () => put(part(draw.one(others))),
    () => put(bytes.subarray(at, end), part(bytes), bytes.subarray(at, end)),
    () => put(...Array<Uint8Array>(draw.one([2, 100, 3000])).fill(bytes.subarray(at, end))),
    () => bytes.subarray(0, at),
    () => bytes.subarray(at),
  ]
  return draw.one(changes)()
}

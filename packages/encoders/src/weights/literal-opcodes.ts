import type { ByteCursor } from './byte-cursor'
import { Opcode } from './opcodes'
import type { PickleMachine } from './pickle-machine'

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
/** Python 2 wrote its byte strings without an encoding; the names of parameters are ASCII. */
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Of the longest integer, bytes: torch's magic number has 10. */
const LONGEST_INTEGER = 1024

/** A little-endian two's complement integer of any length; a `bigint` where a number cannot hold it. */
function longInteger(cursor: ByteCursor, length: number): number | bigint {
  if (length > LONGEST_INTEGER)
    cursor.refuse(`must have integers of at most ${LONGEST_INTEGER} bytes`, `${length} bytes`)
  const bytes = cursor.take(length)
  if (bytes.length === 0) return 0
  const hex = Buffer.from(bytes).reverse().toString('hex')
  const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`))
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

const literals: Record<number, (cursor: ByteCursor) => unknown> = {
  [Opcode.NONE]: () => null,
  [Opcode.NEWTRUE]: () => true,
  [Opcode.NEWFALSE]: () => false,
  [Opcode.BININT]: cursor => cursor.int32(),
  [Opcode.BININT1]: cursor => cursor.uint8(),
  [Opcode.BININT2]: cursor => cursor.uint16(),
  [Opcode.LONG1]: cursor => longInteger(cursor, cursor.uint8()),
  [Opcode.LONG4]: cursor => longInteger(cursor, cursor.uint32()),
  [Opcode.BINFLOAT]: cursor => cursor.float64BigEndian(),
  [Opcode.SHORT_BINUNICODE]: cursor => utf8(cursor.take(cursor.uint8())),
  [Opcode.BINUNICODE]: cursor => utf8(cursor.take(cursor.uint32())),
  [Opcode.BINUNICODE8]: cursor => utf8(cursor.take(cursor.uint64())),
  [Opcode.SHORT_BINSTRING]: cursor => latin1(cursor.take(cursor.uint8())),
  [Opcode.BINSTRING]: cursor => latin1(cursor.take(cursor.uint32())),
  [Opcode.SHORT_BINBYTES]: cursor => cursor.take(cursor.uint8()),
  [Opcode.BINBYTES]: cursor => cursor.take(cursor.uint32()),
  [Opcode.BINBYTES8]: cursor => cursor.take(cursor.uint64()),
  [Opcode.BYTEARRAY8]: cursor => cursor.take(cursor.uint64()),
}

/** The opcodes that push one number, string or constant. */
export const literalOpcodes: Record<number, (machine: PickleMachine) => void> = Object.fromEntries(
  Object.entries(literals).map(([opcode, read]) => [
    opcode,
    (machine: PickleMachine) => machine.push(read(machine.cursor)),
  ]),
)

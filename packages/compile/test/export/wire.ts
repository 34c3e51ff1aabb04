/** Messages in protobuf's wire format, written by hand: the reader under test has no part in them. */
export const message = (...fields: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(fields))

/** A field of a whole number. */
export const numberOf = (id: number, value: number | bigint): Uint8Array =>
  message(varint(id * 8), varint(value))

/** A field of bytes, a text or another message. */
export function bytesOf(id: number, content: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(content)
  return message(varint(id * 8 + 2), varint(bytes.length), bytes)
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) + 128)
  return Uint8Array.of(...bytes, Number(rest))
}

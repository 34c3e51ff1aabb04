import { crc32 } from 'node:zlib'

/** What comes before the first chunk of a PNG. */
export const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** A chunk of a PNG with its length and its sum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.byteLength)
  chunk.writeUInt32BE(data.byteLength, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.byteLength)), 8 + data.byteLength)
  return chunk
}

/** A PNG's header; colour 2 is red, green and blue, 6 the same with alpha. */
export function pngBeginning(
  width: number,
  height: number,
  { depth = 8, colour = 2, isInterlaced = false } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colour, 0, 0, Number(isInterlaced)], 8)
  return Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', header)])
}

/** A PNG of a header only, whatever it claims. */
export const pngHeader = (...claims: Parameters<typeof pngBeginning>): Buffer =>
  Buffer.concat([pngBeginning(...claims), Buffer.from('0000000049444154', 'hex')])

/** Chunks of a PNG that say nothing of its pixels and may each unfold to megabytes: comments, and the colour profile. */
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt', 'iCCP'])

/** Bytes of a PNG before its first chunk; of a chunk's length and name; and of the sum behind it. */
const SIGNATURE = 8
const HEADER = 8
const SUM = 4

/** A PNG without what libpng would unfold for nobody: a thousand comments of 8 kB become 8 GB in memory. */
export function withoutTexts(png: Uint8Array): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const kept: Uint8Array[] = []
  let from = 0
  for (let at = SIGNATURE; at + HEADER <= png.byteLength; ) {
    const end = at + HEADER + view.getUint32(at) + SUM
    const name = String.fromCharCode(...png.subarray(at + 4, at + HEADER))
    if (TEXTS.has(name)) {
      kept.push(png.subarray(from, at))
      from = end
    }
    at = end
  }
  return from === 0 ? png : Buffer.concat([...kept, png.subarray(from)])
}

/** Kinds of colours and compressions of TIFF, by number, that the decoder reads. */
const COLOURS = new Set([0, 1, 2, 3, 4, 5, 6])
const COMPRESSIONS = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946])
const NAMES: Readonly<Record<number, string>> = {
  8: 'LAB',
  9: 'LAB',
  10: 'LAB',
  32803: 'colour filter',
  32844: 'LogL',
  32845: 'LogLuv',
}

/**
 * Why the decoder does not read a TIFF that may be whole, by the tags of its first picture.
 *
 * @returns the kind of TIFF, such as `TIFF (LAB)`; undefined where nothing speaks against it
 */
export function unreadTiff(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  const short = (at: number): number => (at + 2 <= bytes.byteLength ? view.getUint16(at, little) : 0)
  const start = bytes.byteLength >= 8 ? view.getUint32(4, little) : 0
  for (let entry = 0; entry < short(start); entry++) {
    const at = start + 2 + 12 * entry
    const value = short(at + 8)
    if (short(at) === 262 && !COLOURS.has(value)) return `TIFF (${NAMES[value] ?? `colours ${value}`})`
    if (short(at) === 259 && !COMPRESSIONS.has(value)) return `TIFF (compression ${value})`
  }
  return undefined
}

import { loadPicture } from '@mafjs/encoders'

/** 64 bits as two 32-bit numbers: what a picture looks like from afar. */
export type PictureHash = readonly [upper: number, lower: number]

/** Bits of a row, and rows. */
const SIDE = 8
/** The picture is brought to this many pixels a side: 9 columns of 8 and 8 rows of 9. */
const PIXELS = SIDE * (SIDE + 1)
/** How light red, green and blue are (ITU-R BT.601). */
const LIGHTNESS = [0.299, 0.587, 0.114]

/**
 * The difference hash of a picture: in a grey version of 9 x 8, whether each pixel is lighter than the one to its right. Another
 * size, format or compression, and other colours, change few of its bits. Source: Krawetz, "Kind of like that", 2013.
 *
 * @param picture its path, or its encoded bytes
 * @throws PictureError for a picture that is missing, broken or too large.
 */
export async function pictureHash(picture: string | Uint8Array): Promise<PictureHash> {
  const range = { mean: [0, 0, 0], deviation: [1, 1, 1] }
  const { pixels } = await loadPicture(picture, { size: PIXELS, resize: PIXELS, fit: 'stretch', ...range })
  const grey = new Float64Array((SIDE + 1) * SIDE)
  for (const [i, value] of pixels.entries()) {
    const [row, column] = [Math.floor(i / 3 / PIXELS), Math.floor(i / 3) % PIXELS]
    grey[Math.floor(row / (SIDE + 1)) * (SIDE + 1) + Math.floor(column / SIDE)]! += value * LIGHTNESS[i % 3]!
  }
  const hash: [number, number] = [0, 0]
  for (let bit = 0; bit < SIDE * SIDE; bit++) {
    const at = Math.floor(bit / SIDE) * (SIDE + 1) + (bit % SIDE)
    const half = bit < 32 ? 0 : 1
    hash[half] = (hash[half] << 1) | Number(grey[at]! > grey[at + 1]!)
  }
  return hash
}

/** In how many of the 64 bits two hashes differ. */
export const hashDistance = (a: PictureHash, b: PictureHash): number => ones(a[0] ^ b[0]) + ones(a[1] ^ b[1])

/** Bits that are set, counted side by side: in pairs, in fours, in bytes, and those added up. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

import sharp from 'sharp'

/** The difference hash of a picture: 64 bits. */
export type PictureHash = readonly [high: number, low: number]

const SIDE = 8

/**
 * The difference hash of a picture: in a grey 9 x 8 version, whether each pixel is lighter than the one to its right. Sizes,
 * colours and compression change few of them. Source: Krawetz, "Kind of like that", 2013.
 *
 * @returns undefined for a picture that is missing or cannot be decoded
 */
export async function pictureHash(picture: string | Uint8Array): Promise<PictureHash | undefined> {
  const grey = await sharp(picture)
    .flatten({ background: 'white' })
    .greyscale()
    .resize(SIDE + 1, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer()
    .catch(() => undefined)
  if (!grey) return undefined
  const halves: [number, number] = [0, 0]
  for (let i = 0; i < SIDE * SIDE; i++) {
    const at = Math.floor(i / SIDE) * (SIDE + 1) + (i % SIDE)
    const half = i < 32 ? 0 : 1
    halves[half] = (halves[half] << 1) | (grey[at]! > grey[at + 1]! ? 1 : 0)
  }
  return halves
}

/** In how many bits two hashes differ. */
export const hammingDistance = (a: PictureHash, b: PictureHash): number =>
  bits(a[0] ^ b[0]) + bits(a[1] ^ b[1])

function bits(word: number): number {
  let count = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) count++
  return count
}

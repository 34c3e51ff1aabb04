import sharp from 'sharp'

const SIDE = 8

/**
 * The difference hash of a picture, 64 numbers of 0 or 1: in a grey 9 x 8 version, whether each pixel is lighter than the one
 * to its right. Sizes, colours and compression change few of them. Source: Krawetz, "Kind of like that", 2013.
 *
 * @returns undefined for a picture that cannot be decoded
 */
export async function pictureHash(picture: string | Uint8Array): Promise<Uint8Array | undefined> {
  const grey = await sharp(picture)
    .flatten({ background: 'white' })
    .greyscale()
    .resize(SIDE + 1, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer()
    .catch(() => undefined)
  if (!grey) return undefined
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const at = Math.floor(i / SIDE) * (SIDE + 1) + (i % SIDE)
    return grey[at]! > grey[at + 1]! ? 1 : 0
  })
}

/** In how many places two hashes differ. */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) distance++
  return distance
}

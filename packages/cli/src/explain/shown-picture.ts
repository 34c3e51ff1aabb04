import { readFile } from 'node:fs/promises'
import { PIXEL_LIMIT } from '@mafjs/encoders'
import sharp from 'sharp'

/** How large a picture is shown at most: pixels of its longer side. */
export const SHOWN_SIDE = 1200

/**
 * A picture as every browser shows it, whatever its format is: upright, on white, the first of its frames, shrunk to `side`.
 *
 * @returns a `data:` address; null where it cannot be shown, though a model may have read it
 */
export async function shownPicture(path: string, side = SHOWN_SIDE): Promise<string | null> {
  try {
    const bytes = await sharp(await readFile(path), { limitInputPixels: PIXEL_LIMIT })
      .rotate()
      .flatten({ background: '#ffffff' })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer()
    return `data:image/webp;base64,${bytes.toString('base64')}`
  } catch {
    return null
  }
}

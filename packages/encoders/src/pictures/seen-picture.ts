import { cropAxes } from './crop-axis'
import type { PicturePreparation } from './load-picture'
import { openPicture } from './picture-header'
import { readSource } from './read-source'
import { FIRST_TURNED } from './upright-raster'

/** A picture as a person sees it, and what of it an encoder does. */
export interface SeenPicture {
  /** Pixels of the upright picture. */
  width: number
  height: number
  /** What is left of it when it is resized and cropped, in parts of its width and height. */
  seen: { left: number; top: number; width: number; height: number }
}

/**
 * Reads from a picture's header what a person sees of it and what an encoder does; no pixel is decoded.
 *
 * @throws PictureError for what cannot be read, or is no picture of a format that is read.
 */
export async function seenPicture(
  source: string | Uint8Array,
  preparation: PicturePreparation,
): Promise<SeenPicture> {
  const { header } = await openPicture(await readSource(source))
  const isTurned = header.orientation >= FIRST_TURNED
  const [width, height] = isTurned ? [header.height, header.width] : [header.width, header.height]
  const { x, y } = cropAxes(width, height, preparation)
  const { size } = preparation
  const seen = { left: x.start / x.to, top: y.start / y.to, width: size / x.to, height: size / y.to }
  return { width, height, seen }
}

import {
  completePreparation,
  type DecodedPicture,
  type LoadPictureOptions,
  PIXEL_LIMIT,
  type Picture,
  PictureError,
  preparePicture,
  SIDE_LIMIT,
} from '@mafjs/encoders'
import type { SentPicture } from './protocol'

/**
 * Decodes pictures as the browser does and prepares them as Node does: upright by EXIF, a colour profile not applied, alpha laid on
 * white; resizing, cutting and normalising are the same code.
 *
 * @param pictures by what they are called
 */
export const pictureLoader =
  (pictures: readonly SentPicture[], options: LoadPictureOptions) =>
  async (name: string | Uint8Array): Promise<Picture> => {
    const { source } = pictures.find(picture => picture.name === name)!
    const complete = completePreparation(options)
    return preparePicture(await decode(String(name), source, complete.pixelLimit), complete)
  }

async function decode(
  name: string,
  source: SentPicture['source'],
  pixelLimit = PIXEL_LIMIT,
): Promise<DecodedPicture> {
  const bitmap = source instanceof ImageBitmap ? source : await bitmapOf(name, await blobOf(name, source))
  const { width, height } = bitmap
  try {
    if (width * height > pixelLimit || Math.max(width, height) > SIDE_LIMIT) {
      const limit = `more than the limit of ${pixelLimit}, or a side above ${SIDE_LIMIT}`
      throw new PictureError(name, 'too many pixels', `${width} x ${height} pixels are ${limit}. Shrink it.`)
    }
    return drawn(bitmap)
  } finally {
    bitmap.close()
  }
}

/** Its pixels on white; four numbers each, of which the last is not read. */
function drawn(bitmap: ImageBitmap): DecodedPicture {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
    colorSpace: 'srgb',
  })!
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.drawImage(bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return { width, height, values, start: 0, across: 4, down: 4 * width, whole: { width, height } }
}

async function bitmapOf(name: string, blob: Blob): Promise<ImageBitmap> {
  if (blob.size === 0) throw new PictureError(name, 'empty', 'the picture is empty. Fetch it again.')
  try {
    return await createImageBitmap(blob, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    })
  } catch (cause) {
    const message =
      'this browser cannot decode it: it is no picture, broken, or of a format it does not know.'
    throw new PictureError(name, 'broken', message, { cause })
  }
}

async function blobOf(name: string, source: SentPicture['source']): Promise<Blob> {
  if (source instanceof Blob) return source
  const { url } = source as { url: string }
  const response = await fetch(url).catch((cause: unknown) => {
    throw new PictureError(name, 'unreadable', `it could not be fetched (${(cause as Error).message}).`)
  })
  if (response.ok) return response.blob()
  throw new PictureError(name, 'missing', `the server answered ${response.status}. Check the address.`)
}

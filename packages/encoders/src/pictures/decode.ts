import { PictureError } from './picture-error'
import type { PictureSource } from './read-source'

/** A decoded picture: 8-bit sRGB, rows from the top, upright. */
export interface Raster {
  width: number
  height: number
  /** `[height, width, 3]` */
  values: Uint8Array
}

/** Formats of pixels; vector graphics and documents have no size of their own and are not opened. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'])

async function importSharp(): Promise<typeof import('sharp')['default']> {
  try {
    return (await import('sharp')).default
  } catch (cause) {
    throw new Error('The package sharp is needed to read pictures. Install it with: npm install sharp', {
      cause,
    })
  }
}

/** libvips's own words, which may run over several lines and repeat themselves. */
const reasonOf = (error: unknown): string => (error as Error).message.split('\n')[0]!.trim()

function notPicture(name: string, reason: string, cause?: unknown): PictureError {
  const message = `${reason}. Use a JPEG, PNG, WebP, GIF, TIFF or AVIF file.`
  return new PictureError(name, 'not a picture', message, { cause })
}

function broken(name: string, cause: unknown): PictureError {
  const message = `it is broken or cut off (${reasonOf(cause)}). Fetch it again.`
  return new PictureError(name, 'broken', message, { cause })
}

/**
 * Decodes a picture by its content: turned upright by its EXIF orientation, alpha laid on white, grey, palette, CMYK and
 * 16 bit brought to 8-bit RGB, the first frame of an animation. An embedded colour profile is not applied: the networks
 * were trained without (torchvision ignores it as well).
 *
 * @param pixelLimit refused before any pixel is decoded, by the size in the header.
 * @throws PictureError for what is no picture, has too many pixels, or is broken or cut off.
 */
export async function decode({ name, bytes }: PictureSource, pixelLimit: number): Promise<Raster> {
  const sharp = await importSharp()
  const { format, width, height } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      const unknown = reasonOf(error).includes('unsupported image format')
      throw unknown ? notPicture(name, 'its content is of no known format', error) : broken(name, error)
    })
  if (!FORMATS.has(format)) throw notPicture(name, `the format ${format} is not read`)
  if (width * height > pixelLimit) {
    const message = `${width} x ${height} pixels are more than the limit of ${pixelLimit}. Shrink it, or raise pixelLimit.`
    throw new PictureError(name, 'too many pixels', message)
  }
  const { data, info } = await sharp(bytes, {
    limitInputPixels: pixelLimit,
    autoOrient: true,
    ignoreIcc: true,
    // Lets warnings pass: real cameras and editors leave stray bytes.
    failOn: 'error',
  })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw broken(name, error)
    })
  if (info.channels !== 3) {
    throw new PictureError(name, 'broken', `it decodes to ${info.channels} channels. Convert it to RGB.`)
  }
  return { width: info.width, height: info.height, values: data }
}

import { coloursOfInks } from './colours-of-inks'
import { decodingBytes } from './decoding-bytes'
import { PIXEL_LIMIT, SIDE_LIMIT } from './limits'
import { PictureError } from './picture-error'
import { importSharp, type OpenedPicture, openPicture, refused } from './picture-header'
import { type PictureSource, readSource } from './read-source'
import { type DecodedPicture, uprightRaster, uprightSides } from './upright-raster'

/** Bytes that a picture and its decoding may take, for pictures up to the usual limit of pixels. */
const BYTE_LIMIT = 2 ** 28

/** Bytes of a pixel where a greater limit of pixels is given. */
const USUAL_BYTES = 4

/**
 * Decodes a picture to see whether it can be used, and keeps nothing of it.
 *
 * @throws PictureError for what `loadPicture` would refuse by its default limit.
 */
export async function checkPicture(source: string | Uint8Array): Promise<void> {
  await decode(await readSource(source), PIXEL_LIMIT)
}

/**
 * Decodes a picture by its content: upright by its EXIF orientation, alpha laid on white, grey, palette, CMYK and 16 bit
 * brought to 8-bit RGB (CMYK by Pillow's formula), the first frame of an animation. An embedded colour profile is not applied: the networks were trained
 * without (torchvision ignores it as well).
 *
 * @param pixelLimit refused before any pixel is decoded, by the size in the header.
 * @param leastSide lets a JPEG be decoded in a half, a quarter or an eighth of its size where its short side keeps so many pixels
 * @throws PictureError for what is no picture, is too large, or is broken or cut off.
 */
export async function decode(
  source: PictureSource,
  pixelLimit: number,
  leastSide = Number.POSITIVE_INFINITY,
): Promise<DecodedPicture> {
  const opened = await openPicture(source)
  assertSize(opened, pixelLimit)
  const { name, bytes, header } = opened
  const sharp = await importSharp()
  const image = sharp(bytes, {
    limitInputPixels: pixelLimit,
    // Turned upright where its pixels are read: libvips would hold all of it twice.
    autoOrient: false,
    ignoreIcc: true,
    // Lets warnings pass: real cameras and editors leave stray bytes.
    failOn: 'error',
  })
  const inks = header.isCmyk && header.channels >= 4
  const { width, height, format } = header
  const factor = [8, 4, 2].find(factor => Math.min(width, height) >= factor * leastSide)
  if (factor !== undefined && format === 'jpeg' && !inks) {
    // Of exactly that size: nothing is left for libvips to resize, but the row or column that a side does not divide into.
    image.resize(Math.floor(width / factor), Math.floor(height / factor), { fit: 'fill' })
  }
  const flat = inks
    ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
    : image.flatten({ background: '#ffffff' }).toColourspace('srgb')
  const { data, info } = await flat
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw refused({ name, bytes }, header.format, error)
    })
  if (!inks && info.channels !== 3) {
    throw new PictureError(name, 'broken', `it decodes to ${info.channels} channels. Convert it to RGB.`)
  }
  const values = inks ? coloursOfInks(data, info.channels) : data
  const { orientation } = header
  return { ...uprightRaster(values, info, orientation), whole: uprightSides(header, orientation) }
}

function assertSize({ name, fileBytes, header }: OpenedPicture, pixelLimit: number): void {
  const { format, width, height } = header
  const refuse = (found: string, fix: string): never => {
    throw new PictureError(name, 'too many pixels', `${width} x ${height} pixels ${found}. ${fix}.`)
  }
  if (Math.max(width, height) > SIDE_LIMIT) {
    refuse(`have a side above the limit of ${SIDE_LIMIT}`, 'Shrink it, or cut it into pieces')
  }
  if (width * height > pixelLimit) {
    refuse(`are more than the limit of ${pixelLimit}`, 'Shrink it, or raise pixelLimit')
  }
  const limit = Math.max(BYTE_LIMIT, USUAL_BYTES * pixelLimit)
  const needed = fileBytes + decodingBytes(header)
  if (needed > limit) {
    const found = `of this ${format} take ${megabytes(needed)} to decode, above the limit of ${megabytes(limit)}`
    refuse(found, 'Shrink it, save it as a plain JPEG, or raise pixelLimit')
  }
}

const megabytes = (count: number): string => `${Math.ceil(count / 1e6)} MB`

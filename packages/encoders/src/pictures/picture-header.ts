import { hasScans } from './jpeg-scans'
import { PictureError } from './picture-error'
import { type PictureFormat, pictureFormat, unreadFormat } from './picture-format'
import { type PictureSource, readSource } from './read-source'
import { unreadTiff } from './unread-tiff'
import { withoutTexts } from './without-texts'

/** What a picture's header says of it. */
export interface PictureHeader {
  format: PictureFormat
  /** Pixels of a row, as stored: not turned upright. */
  width: number
  /** Rows, as stored. */
  height: number
}

/** What decides how a picture is decoded, and what that takes. */
export interface FullHeader extends PictureHeader {
  /** From 1, upright, to 8, as EXIF counts. */
  orientation: number
  /** Numbers of a pixel. */
  channels: number
  /** Bytes of such a number. */
  depth: number
  /** Whether colours have half the rows and columns. */
  isSubsampled: boolean
  /** Whether all of it is in memory before the first row is known. */
  isWhole: boolean
  isCmyk: boolean
}

/** A picture of which the header has been read. */
export interface OpenedPicture {
  name: string
  /** What the decoder is given. */
  bytes: Uint8Array
  /** Bytes of the file, and of what was copied of it. */
  fileBytes: number
  header: FullHeader
}

/** Bytes of libvips's kinds of numbers. */
const DEPTHS: Readonly<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  double: 8,
  complex: 8,
  dpcomplex: 16,
}

/** Imports sharp when it is first needed. */
export async function importSharp(): Promise<typeof import('sharp')['default']> {
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

/** What is said of a picture that the decoder refuses: its bytes are damaged, or of a kind that is not read. */
export function refused({ name, bytes }: PictureSource, format: PictureFormat, cause: unknown): PictureError {
  const unread = format === 'tiff' ? unreadTiff(bytes) : undefined
  if (unread !== undefined) return unreadFormat(name, unread, cause)
  const message = `it is broken or cut off (${reasonOf(cause)}). Fetch it again.`
  return new PictureError(name, 'broken', message, { cause })
}

/**
 * Reads what a picture's header says; no pixel is decoded.
 *
 * @throws PictureError for what cannot be read, or is no picture of a format that is read.
 */
export async function pictureHeader(source: string | Uint8Array): Promise<PictureHeader> {
  const { format, width, height } = (await openPicture(await readSource(source))).header
  return { format, width, height }
}

/** Reads the header of a picture that is to be decoded. */
export async function openPicture({ name, bytes: given }: PictureSource): Promise<OpenedPicture> {
  const format = pictureFormat(given, name)
  const bytes = format === 'png' ? withoutTexts(given) : given
  const sharp = await importSharp()
  const found = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw refused({ name, bytes }, format, error)
    })
  if (found.format !== format) throw unreadFormat(name, found.format)
  const { width, height, orientation = 1, channels, depth, chromaSubsampling = '', space } = found
  return {
    name,
    bytes,
    fileBytes: given.byteLength + (bytes === given ? 0 : bytes.byteLength),
    header: {
      format,
      width,
      height,
      orientation,
      channels,
      depth: DEPTHS[depth] ?? 16,
      isSubsampled: chromaSubsampling === '4:2:0',
      isWhole: format === 'jpeg' ? hasScans(bytes) : found.isProgressive,
      isCmyk: space === 'cmyk',
    },
  }
}

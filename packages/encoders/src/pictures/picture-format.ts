import { PictureError } from './picture-error'

/** The formats of pixels that are read. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'heif'

/** How their files begin, a character a byte; no text can begin so. */
const BEGINNINGS: Readonly<Record<PictureFormat, (beginning: string) => boolean>> = {
  jpeg: beginning => beginning.startsWith('\xff\xd8'),
  png: beginning => beginning.startsWith('\x89PNG\r\n\x1a\n'),
  webp: beginning => beginning.startsWith('RIFF') && beginning.startsWith('WEBP', 8),
  gif: beginning => ['GIF87a', 'GIF89a'].some(version => beginning.startsWith(version)),
  // In either order of bytes; the last two are BigTIFF.
  tiff: beginning => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some(order => beginning.startsWith(order)),
  // AVIF among others: a first box of at most 64 kB.
  heif: beginning => beginning.startsWith('\0\0') && beginning.startsWith('ftyp', 4),
}

/** Where an SVG may begin: behind white space, comments and a document type, in one byte or two a character. */
const HEAD = 2 ** 16

/**
 * The format of a picture by how its file begins. What it is called, or claims to be, counts for nothing: the list is of
 * what may be read, so that no reader of anything else, such as the renderer of SVG, ever sees the bytes.
 *
 * @param name what the picture is called in errors
 * @throws PictureError for everything else.
 */
export function pictureFormat(bytes: Uint8Array, name: string): PictureFormat {
  const beginning = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  for (const [format, isOne] of Object.entries(BEGINNINGS)) {
    if (isOne(beginning)) return format as PictureFormat
  }
  throw notPicture(name, otherContent(bytes, beginning))
}

/** What it may be instead. */
function otherContent(bytes: Uint8Array, beginning: string): string {
  if (beginning.startsWith('\x1f\x8b')) return 'a compressed file, such as .svgz, is not read'
  const text = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1').replaceAll('\0', '')
  return /<(\w+:)?svg[\s>/]/i.test(text) ? 'the format svg is not read' : 'its content is of no known format'
}

/** What is said of a file that is no picture. */
export function notPicture(name: string, reason: string, cause?: unknown): PictureError {
  const message = `${reason}. Use a JPEG, PNG, WebP, GIF, TIFF or AVIF file.`
  return new PictureError(name, 'not a picture', message, { cause })
}

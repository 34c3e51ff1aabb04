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
    if (!isOne(beginning)) continue
    if (format === 'heif' && !isAvif(bytes))
      throw unreadFormat(name, `HEIC or video (${beginning.slice(8, 12)})`)
    return format as PictureFormat
  }
  return refuseOther(bytes, beginning, name)
}

/** How files of pictures begin that are not read. */
const UNREAD: Readonly<Record<string, readonly string[]>> = {
  ICO: ['\0\0\x01\0', '\0\0\x02\0'],
  'JPEG 2000': ['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'],
  'JPEG XL': ['\0\0\0\x0cJXL ', '\xff\x0a'],
  PSD: ['8BPS'],
  PDF: ['%PDF'],
  PostScript: ['%!PS', '\xc5\xd0\xd3\xc6'],
  EXR: ['v/1\x01'],
  HDR: ['#?RADIANCE', '#?RGBE'],
  DDS: ['DDS '],
  QOI: ['qoif'],
  XCF: ['gimp xcf'],
  PNM: [1, 2, 3, 4, 5, 6, 7].flatMap(kind => [`P${kind}\n`, `P${kind} `]),
  BMP: ['BM'],
}

/** Says of content that begins like none of the formats that are read what it is instead. */
function refuseOther(bytes: Uint8Array, beginning: string, name: string): never {
  const known = Object.entries(UNREAD).find(([, all]) => all.some(one => beginning.startsWith(one)))
  if (known) throw unreadFormat(name, known[0])
  if (beginning.startsWith('\x1f\x8b'))
    throw notPicture(name, 'a compressed file, such as .svgz, is not read')
  const text = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1').replaceAll('\0', '')
  if (/<(\w+:)?svg[\s>/]/i.test(text)) throw unreadFormat(name, 'svg')
  throw notPicture(name, 'its content is of no known format')
}

/** Whether the first box of a file, which lists its brands, has one of AVIF: HEIC and videos begin in the same way. */
function isAvif(bytes: Uint8Array): boolean {
  const end = Math.min(bytes[2]! * 256 + bytes[3]!, 256)
  const brands = Buffer.from(bytes.subarray(8, end)).toString('latin1')
  return /^(.{4})*avi[fs]/s.test(brands)
}

const FORMATS = 'Use a JPEG, PNG, WebP, GIF, TIFF or AVIF file.'

/** What is said of a picture that may be whole, of a format that is not read. */
export const unreadFormat = (name: string, format: string, cause?: unknown): PictureError =>
  new PictureError(name, 'format not read', `the format ${format} is not read. ${FORMATS}`, { cause })

/** What is said of a file that is no picture. */
export function notPicture(name: string, reason: string, cause?: unknown): PictureError {
  return new PictureError(name, 'not a picture', `${reason}. ${FORMATS}`, { cause })
}

import type { FullHeader } from './picture-header'

/** Bytes of a pixel that every decoding takes: three of the result, and what is cut off by pages. */
const LEAST = 3.4

/** Rows that are under way at once in all steps between the file and the result. */
const ROWS = 300

/**
 * Bytes of memory that decoding a picture takes at most, beside its file, as measured with sharp 0.35 (`maxRSS` of noise,
 * 4000 x 4000 and 32768 x 350): formats whose frames come whole take the frame besides, and libheif several copies of it.
 */
export function decodingBytes(header: FullHeader): number {
  const { width, height, channels, depth } = header
  return width * height * bytesOfPixel(header) + width * ROWS * channels * depth
}

function bytesOfPixel({ format, channels, depth, isSubsampled, isWhole, isCmyk }: FullHeader): number {
  switch (format) {
    case 'jpeg':
      // Coefficients of two bytes. Inks take four times as long as colours: their limit is as if these were kept.
      return LEAST + (isWhole || isCmyk ? 2 * channels * (isSubsampled ? 0.5 : 1) : 0)
    case 'png':
      return LEAST + (isWhole ? channels * depth : 0)
    case 'tiff':
      // A strip or a tile may be all of it.
      return LEAST + channels * depth
    case 'gif':
      return 8
    case 'webp':
      return 11
    case 'heif':
      return depth === 1 ? 19 : 25
  }
}

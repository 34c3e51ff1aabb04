import { loadPicture, PictureError, type PicturePreparation } from '@mafjs/encoders'
import type { OnBrokenPicture } from './broken-picture'

/** A picture that was left out, and why. */
export interface SkippedPicture {
  /** Its path, or which one it is where bytes were given, such as `images[0]`. */
  picture: string
  reason: string
}

/** A post's pictures. */
export interface DecodedPictures {
  /** `[size, size, 3]` each */
  pictures: Float32Array[]
  /** Those that could not be decoded and are left out. */
  skipped: SkippedPicture[]
}

/** How pictures are decoded. */
export interface DecodeOptions {
  /** Ends the work between two pictures, with its reason. */
  signal?: AbortSignal | undefined
  /** Whether a picture that cannot be decoded is an error, or left out. @default 'stop' */
  onBrokenPicture?: OnBrokenPicture | undefined
}

/**
 * Decodes a post's pictures, one after another.
 *
 * @throws PictureError for a picture that cannot be decoded, unless it is to be left out
 * @throws the reason of a signal that is aborted before the last picture
 */
export async function decodePictures(
  { sources }: { sources: readonly (string | Uint8Array)[] },
  preparation: PicturePreparation,
  { signal, onBrokenPicture = 'stop' }: DecodeOptions = {},
): Promise<DecodedPictures> {
  const decoded: DecodedPictures = { pictures: [], skipped: [] }
  for (const [i, source] of sources.entries()) {
    signal?.throwIfAborted()
    try {
      decoded.pictures.push((await loadPicture(source, preparation)).pixels)
    } catch (error) {
      if (onBrokenPicture === 'stop' || !(error instanceof PictureError)) throw error
      const picture = typeof source === 'string' ? source : `images[${i}]`
      decoded.skipped.push({ picture, reason: error.message })
    }
  }
  return decoded
}

import { type Picture, PictureError } from '@mafjs/encoders'
import type { OnBrokenPicture } from './broken-picture'

/** A picture that was left out, and why. */
export interface SkippedPicture {
  /** Its name, as of a `NamedPicture`. */
  picture: string
  reason: string
}

/** A picture and what it is called. */
export interface NamedPicture extends Picture {
  /** Its path, or which one it is where bytes were given, such as `images[0]`. */
  name: string
}

/** A post's pictures. */
export interface DecodedPictures {
  /** Of `[size, size, 3]` pixels each. */
  pictures: NamedPicture[]
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
 * @param load decodes one: `loadPicture` of `@mafjs/encoders` with its options bound, or what a page has instead
 * @throws PictureError for a picture that cannot be decoded, unless it is to be left out
 * @throws the reason of a signal that is aborted before the last picture
 */
export async function decodePictures(
  { sources }: { sources: readonly (string | Uint8Array)[] },
  load: (source: string | Uint8Array) => Promise<Picture>,
  { signal, onBrokenPicture = 'stop' }: DecodeOptions = {},
): Promise<DecodedPictures> {
  const decoded: DecodedPictures = { pictures: [], skipped: [] }
  for (const [i, source] of sources.entries()) {
    signal?.throwIfAborted()
    const name = typeof source === 'string' ? source : `images[${i}]`
    try {
      decoded.pictures.push({ name, ...(await load(source)) })
    } catch (error) {
      if (onBrokenPicture === 'stop' || !(error instanceof PictureError)) throw error
      decoded.skipped.push({ picture: name, reason: error.message })
    }
  }
  return decoded
}

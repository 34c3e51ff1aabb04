import { batchFeatures, type EncodedPictures } from './batch-features'
import { encodeNone, encodeOne, type PictureEncoder } from './encode-one'
import type { Features } from './features'

/**
 * Features of decoded pictures that are in no folder.
 *
 * @param rows of each post its pictures, `[size, size, 3]` each; one that stands there twice is encoded once
 * @throws the reason of a signal that is aborted before the last picture
 */
export type EncodeRows = (
  rows: readonly (readonly Float32Array[])[],
  signal?: AbortSignal,
) => Promise<EncodedPictures>

/** Encodes batch after batch, one picture after the other, as `openFeatures` does. */
export function rowEncoder(encoder: PictureEncoder): EncodeRows {
  let none: Promise<Features> | undefined
  return async (rows, signal) => {
    const found = new Map<Float32Array, Features>()
    for (const pixels of new Set(rows.flat())) {
      signal?.throwIfAborted()
      found.set(pixels, await encodeOne(encoder, pixels))
    }
    none ??= encodeNone(encoder)
    return batchFeatures(
      rows.map(row => row.map(pixels => found.get(pixels)!)),
      await none,
    )
  }
}

import sharp from 'sharp'
import { SIDE } from './draw-pairs'
import type { EncodedPairs } from './pairs'

/** What drawn pairs are as files: the lines of a JSONL, each text with the picture it was given, and the pictures as PNG. */
export interface DrawnFiles {
  lines: string[]
  /** By their path. */
  pictures: Record<string, Buffer>
}

/** Drawn pairs as the files that a user would have; text i has picture `pictures[i]`. */
export async function drawnFiles(
  { records, image }: EncodedPairs,
  pictures: readonly number[],
): Promise<DrawnFiles> {
  const paths = records.map(({ image }) => `pictures/${image}`)
  const files: Record<string, Buffer> = {}
  const size = SIDE * SIDE * 3
  for (const [row, path] of paths.entries()) {
    const pixels = image.data.subarray(row * size, (row + 1) * size)
    const bytes = Uint8ClampedArray.from(pixels, value => 255 * value)
    const raw = { width: SIDE, height: SIDE, channels: 3 } as const
    files[path] = await sharp(Uint8Array.from(bytes), { raw }).png().toBuffer()
  }
  const lines = records.map(({ id, text }, i) => JSON.stringify({ id, text, image: paths[pictures[i]!] }))
  return { lines, pictures: files }
}

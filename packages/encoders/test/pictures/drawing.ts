import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import { type LoadPictureOptions, loadPicture } from '../../src/pictures'

/** 8-bit RGB by position: `[height, width, 3]`. */
export function draw(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): Buffer {
  const values = Buffer.alloc(width * height * 3)
  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) values[at++] = value(x, y, channel)
    }
  }
  return values
}

/** Raw RGB (or what `channels` says) as a sharp pipeline, to be encoded. */
export const raw = (values: Buffer, width: number, height: number, channels: 1 | 2 | 3 | 4 = 3): Sharp =>
  sharp(values, { raw: { width, height, channels } })

/** The loaded pixels as bytes again: what stood in the picture after resizing and cropping. */
export async function loadBytes(
  source: string | Uint8Array,
  options: Omit<LoadPictureOptions, 'mean' | 'deviation'> = {},
): Promise<Uint8Array> {
  const deviation = [1 / 255, 1 / 255, 1 / 255]
  const { pixels } = await loadPicture(source, { ...options, mean: [0, 0, 0], deviation })
  return Uint8Array.from(pixels, value => Math.round(value))
}

/** The colours that occur, e.g. `['255,0,0']`. */
export function colours(bytes: Uint8Array): string[] {
  const found = new Set<string>()
  for (let i = 0; i < bytes.length; i += 3) found.add(bytes.subarray(i, i + 3).join())
  return [...found]
}

/** Equal for equal bytes; comparing half a million numbers one by one takes seconds. */
export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

import { basename } from 'node:path'
import { randomWords } from '@mafjs/tensor'
import sharp from 'sharp'

/** Writes a square picture of whole numbers that are drawn by its name: what renders SVG may round otherwise elsewhere. */
export async function writeNoise(file: string, side: number): Promise<void> {
  const words = randomWords(side ** 2 * 3, { seed: 1, site: basename(file) })
  const bytes = Uint8Array.from(words, word => word & 255)
  await sharp(bytes, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toFile(file)
}

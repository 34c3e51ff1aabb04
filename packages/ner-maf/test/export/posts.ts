import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Post } from '@mafjs/data'
import { randomWords } from '@mafjs/tensor'
import sharp from 'sharp'
import { SMALL_PICTURE, SMALL_WORDS } from './small-checkpoint'

const PICTURES = 8

/** Posts of drawn words, every second one with a picture. */
export const drawPosts = (count: number): Post[] =>
  Array.from({ length: count }, (_, i) => ({
    id: String(i),
    words: Array.from(
      randomWords(7, { seed: 1, site: `post ${i}` }),
      word => SMALL_WORDS[word % SMALL_WORDS.length]!,
    ),
    ...(i % 2 === 0 && { image: `${(i / 2) % PICTURES}.png` }),
    source: { file: 'posts.jsonl', line: i + 1 },
  }))

/** Pictures of noise, for the posts above. */
export async function writePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const size = { width: SMALL_PICTURE, height: SMALL_PICTURE, channels: 3 as const }
  for (let picture = 0; picture < PICTURES; picture++) {
    const words = randomWords(SMALL_PICTURE ** 2 * 3, { seed: 1, site: `picture ${picture}` })
    const bytes = Uint8Array.from(words, word => word & 255)
    await sharp(bytes, { raw: size })
      .png()
      .toFile(join(folder, `${picture}.png`))
  }
}

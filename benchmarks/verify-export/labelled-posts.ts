import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomWords } from '@mafjs/tensor'
import sharp from 'sharp'

const WORDS = ['ann', 'paris', 'acme', 'sat', 'in', 'the', 'anns', 'acmes']
const POSTS = 24
const SIDE = 80

/** Writes posts with pictures of noise: whatever a drawn model says of them, int8 should say it too. */
export async function writeLabelledPosts(folder: string): Promise<{ data: string; images: string }> {
  const images = join(folder, 'images')
  await mkdir(images, { recursive: true })
  const lines: string[] = []
  for (let post = 0; post < POSTS; post++) {
    const image = `${post}.png`
    const drawn = randomWords(8, { seed: 1, site: `post ${post}` })
    const words = [...drawn].map(word => WORDS[word % WORDS.length]!)
    lines.push(JSON.stringify({ id: String(post), tokens: words, labels: words.map(() => 'O'), image }))
    const bytes = Uint8Array.from(randomWords(SIDE * SIDE * 3, { seed: 1, site: image }), word => word & 255)
    await sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 3 } })
      .png()
      .toFile(join(images, image))
  }
  const data = join(folder, 'valid.jsonl')
  await writeFile(data, `${lines.join('\n')}\n`)
  return { data, images }
}

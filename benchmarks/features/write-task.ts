import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Post } from '@mafjs/data'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import { drawWords, VOCABULARY, writePicture } from '../prepare/drawn-posts'
import type { FeatureTask } from './arms'

/** A post of 8 to 19 words; every fifth is a name. */
function drawPost(place: number): Post {
  const count = 8 + Math.floor(uniform(1, { seed: 37, site: `post ${place}` })[0]! * 12)
  const words = drawWords(count, `words ${place}`)
  return {
    id: String(place),
    words,
    labels: words.map((_, word) => (word % 5 === 2 ? 'B-PER' : 'O')),
    image: `${place}.jpg`,
    source: { file: 'drawn', line: place + 1 },
  }
}

/** Draws posts and writes their pictures. */
export async function writeTask(folder: string, count: number): Promise<FeatureTask> {
  const images = join(folder, 'images')
  await mkdir(images, { recursive: true })
  const posts = Array.from({ length: count }, (_, place) => drawPost(place))
  for (const { image, id } of posts)
    await writePicture(join(images, image!), `picture ${id}`, { width: 640, height: 480 })
  return { images, posts, tokenizer: tokenizerFromVocab(VOCABULARY, { lowercase: false, maxLength: 40 }) }
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Example } from '@mafjs/data'
import { tokenizerFromVocab, type WordTokenizer } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import sharp from 'sharp'

/** Syllables that words and vocabulary are made of. */
const SYLLABLES = 'ba de fi go lu ma ne pi ro su ta ve wi zo'.split(' ')
const PIECES = SYLLABLES.flatMap(first => SYLLABLES.map(second => first + second))

/** Pieces of the longest post, with the two special ones. */
const LONGEST = 40

/** Posts with a picture each, drawn, and a tokenizer that knows their words. */
export interface FeatureTask {
  /** The folder of the pictures. */
  images: string
  posts: Example[]
  tokenizer: WordTokenizer
}

/** A picture, smooth like a photograph rather than noise. */
async function writePicture(path: string, site: string): Promise<void> {
  const grid = uniform(16 * 12 * 3, { seed: 37, site })
  const small = Buffer.from(Uint8Array.from(grid, value => 255 * value))
  await sharp(small, { raw: { width: 16, height: 12, channels: 3 } })
    .resize(640, 480, { fit: 'fill' })
    .jpeg({ quality: 85 })
    .toFile(path)
}

/** A post of 8 to 19 words, of two pieces each; every fifth is a name. */
function drawPost(place: number): Example {
  const draws = uniform(60, { seed: 37, site: `post ${place}` })
  const count = 8 + Math.floor(draws[0]! * 12)
  const piece = (at: number): string => PIECES[Math.floor(draws[at]! * PIECES.length)]!
  const words = Array.from({ length: count }, (_, word) => piece(2 * word + 1) + piece(2 * word + 2))
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
  for (const { image, id } of posts) await writePicture(join(images, image!), `picture ${id}`)
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...PIECES, ...PIECES.map(piece => `##${piece}`)]
  return {
    images,
    posts,
    tokenizer: tokenizerFromVocab(vocabulary, { lowercase: false, maxLength: LONGEST }),
  }
}

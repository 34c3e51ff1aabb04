import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uniform } from '@mafjs/tensor'
import sharp from 'sharp'
import type { PreprocessPost } from '../ours/preprocess'
import { drawIntegers } from './batches'

const WIDTH = 640
const HEIGHT = 512
const WORDS = 15

/** Syllables that words and vocabulary are made of. */
const SYLLABLES = 'ba de fi go lu ma ne pi ro su ta ve wi zo'.split(' ')

/** A drawn picture, smooth like a photograph rather than noise, and words that fall into several pieces. */
export async function writePost(folder: string): Promise<void> {
  const grid = uniform(16 * 12 * 3, { seed: 37, site: 'post.picture' })
  const small = Buffer.from(Uint8Array.from(grid, value => 255 * value))
  await sharp(small, { raw: { width: 16, height: 12, channels: 3 } })
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .jpeg({ quality: 85 })
    .toFile(join(folder, 'post.jpg'))
  const pieces = SYLLABLES.flatMap(first => SYLLABLES.map(second => first + second))
  const chosen = drawIntegers(2 * WORDS, 0, pieces.length, 'post.words')
  const post: PreprocessPost = {
    vocab: ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...pieces, ...pieces.map(piece => `##${piece}`)],
    words: Array.from(
      { length: WORDS },
      (_, word) => pieces[chosen[2 * word]!]! + pieces[chosen[2 * word + 1]!]!,
    ),
  }
  await writeFile(join(folder, 'post.json'), JSON.stringify(post))
}

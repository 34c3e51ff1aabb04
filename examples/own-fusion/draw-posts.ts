import { batchPictures } from '@mafjs/data'
import { createDemoCorpus, type DemoPost } from '@mafjs/demo-corpus'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, tokenizerFromVocab, type WordTokenizer } from '@mafjs/encoders'
import type { PictureReader } from '@mafjs/ner-maf'

/** Side of a picture in pixels. */
export const PICTURE_SIZE = 56

/** Longest sequence of word pieces; the corpus has none longer. */
const MAX_LENGTH = 48

/** Posts to learn from, to choose by, and to measure on, with what reads them. */
export interface DrawnPosts {
  train: DemoPost[]
  valid: DemoPost[]
  test: DemoPost[]
  tokenizer: WordTokenizer
  /** Pictures as numbers, drawn when they are first asked for. */
  pictures: PictureReader
  /** The best strict F1 on the test posts of who reads only the words. */
  textCeiling: number
}

/** The corpus of `npm run demo`: names of four types, which the words tell, or only the picture. */
export function drawPosts(sizes: { train: number; valid: number; test: number }, seed: number): DrawnPosts {
  const { vocabulary, pictures: render, ceilings, ...splits } = createDemoCorpus({ ...sizes, seed })
  const drawn = new Map<DemoPost, Promise<Float32Array[]>>()
  const draw = async (post: DemoPost): Promise<Float32Array[]> => {
    const bytes = await render(post, PICTURE_SIZE)
    const normalise = (byte: number, i: number) =>
      (byte / 255 - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!
    return bytes ? [Float32Array.from(bytes, normalise)] : []
  }
  const load: PictureReader['load'] = async given => {
    const posts = given as readonly DemoPost[]
    for (const post of posts) if (!drawn.has(post)) drawn.set(post, draw(post))
    const rows = await Promise.all(posts.map(post => drawn.get(post)!))
    return batchPictures(rows, { size: PICTURE_SIZE, fill: true })
  }
  return {
    ...splits,
    tokenizer: tokenizerFromVocab(vocabulary, { lowercase: false, maxLength: MAX_LENGTH }),
    pictures: { load },
    textCeiling: ceilings.test.textOnly,
  }
}

import { createDemoCorpus, type DemoPost } from '@mafjs/demo-corpus'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, tokenizerFromVocab, type WordTokenizer } from '@mafjs/encoders'
import type { LoadPictures } from '@mafjs/ner-maf'

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
  loadPictures: LoadPictures
  /** The best strict F1 on the test posts of who reads only the words. */
  textCeiling: number
}

/** The corpus of `npm run demo`: names of four types, which the words tell, or only the picture. */
export function drawPosts(sizes: { train: number; valid: number; test: number }, seed: number): DrawnPosts {
  const { vocabulary, pictures, ceilings, ...splits } = createDemoCorpus({ ...sizes, seed })
  const drawn = new Map<DemoPost, Promise<Float32Array | undefined>>()
  const draw = async (post: DemoPost): Promise<Float32Array | undefined> => {
    const bytes = await pictures(post, PICTURE_SIZE)
    return (
      bytes &&
      Float32Array.from(bytes, (byte, i) => (byte / 255 - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!)
    )
  }
  return {
    ...splits,
    tokenizer: tokenizerFromVocab(vocabulary, { lowercase: false, maxLength: MAX_LENGTH }),
    async loadPictures(examples) {
      const posts = examples as readonly DemoPost[]
      for (const post of posts) if (!drawn.has(post)) drawn.set(post, draw(post))
      const rows = await Promise.all(posts.map(post => drawn.get(post)!))
      const pixels = new Float32Array(posts.length * PICTURE_SIZE ** 2 * 3)
      for (const [i, row] of rows.entries()) if (row) pixels.set(row, i * PICTURE_SIZE ** 2 * 3)
      return { pixels, present: Float32Array.from(rows, row => (row ? 1 : 0)) }
    },
    textCeiling: ceilings.test.textOnly,
  }
}

import { batchPictures, type PictureBatch, type Pictures } from '@mafjs/data'
import { createDemoCorpus, type DemoCorpus, type DemoPost } from '@mafjs/demo-corpus'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, tokenizerFromVocab, type WordTokenizer } from '@mafjs/encoders'
import { permutation } from '@mafjs/tensor'

/** How much the demo does. */
export interface DemoSize {
  /** Posts of the training split. */
  train: number
  valid: number
  test: number
  epochs: number
}

/** The whole demo, and what `--quick` does: the same work on less data. */
export const DEMO_SIZES = {
  full: { train: 4000, valid: 300, test: 600, epochs: 5 },
  quick: { train: 2000, valid: 150, test: 400, epochs: 6 },
} as const satisfies Record<string, DemoSize>

/** Side of the demo's pictures in pixels: 7 x 7 patches of 8, as many regions as a ResNet gives of its last map. */
export const DEMO_PICTURE_SIZE = 56

/** Gives the pictures of posts of the corpus. */
export type DemoPictures = Pick<Pictures<PictureBatch>, 'load'>

/** The corpus, ready to train on. */
export interface DemoTask {
  corpus: DemoCorpus
  tokenizer: WordTokenizer
  /** The pictures of the posts, rendered once. */
  pictures: DemoPictures
  /** The same, but every post is given another one's picture. */
  shuffledPictures(posts: readonly DemoPost[], seed: number): DemoPictures
}

/** Longest sequence of word pieces; the corpus has none longer. */
const MAX_LENGTH = 48

const normalised = (picture: Uint8Array): Float32Array =>
  Float32Array.from(picture, (value, i) => (value / 255 - IMAGENET_MEAN[i % 3]!) / IMAGENET_DEVIATION[i % 3]!)

/** Makes the corpus and renders its pictures as they are asked for. */
export function createDemoTask({ train, valid, test }: DemoSize, seed = 1): DemoTask {
  const corpus = createDemoCorpus({ seed, train, valid, test })
  const tokenizer = tokenizerFromVocab(corpus.vocabulary, { lowercase: false, maxLength: MAX_LENGTH })
  const rendered = new Map<number, Promise<Float32Array[]>>()
  const render = async (post: DemoPost): Promise<Float32Array[]> => {
    const picture = await corpus.pictures(post, DEMO_PICTURE_SIZE)
    return picture ? [normalised(picture)] : []
  }
  const picturesOf = (post: DemoPost): Promise<Float32Array[]> => {
    if (post.pictureSeed === undefined) return Promise.resolve([])
    const known = rendered.get(post.pictureSeed) ?? render(post)
    rendered.set(post.pictureSeed, known)
    return known
  }
  const batchOf = async (posts: readonly DemoPost[]): Promise<PictureBatch> =>
    batchPictures(await Promise.all(posts.map(picturesOf)), { size: DEMO_PICTURE_SIZE, fill: true })
  return {
    corpus,
    tokenizer,
    pictures: { load: posts => batchOf(posts as readonly DemoPost[]) },
    shuffledPictures: (posts, shuffleSeed) => {
      const pictured = posts.filter(post => post.pictureSeed !== undefined)
      const order = permutation(pictured.length, { seed: shuffleSeed, site: 'demo.shuffledPictures' })
      // Each takes the picture of the next in a random round: nobody keeps an own one.
      const foreign = new Map(
        order.map((from, i) => [pictured[from]!, pictured[order[(i + 1) % order.length]!]!] as const),
      )
      return { load: posts => batchOf((posts as readonly DemoPost[]).map(post => foreign.get(post) ?? post)) }
    },
  }
}

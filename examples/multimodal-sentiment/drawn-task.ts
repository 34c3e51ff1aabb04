import {
  createPatchEncoder,
  createTextEncoder,
  type ImageInputs,
  type TextInputs,
  tokenizerFromVocab,
} from '@mafjs/encoders'
import { prefixParameters } from '@mafjs/tensor'
import { CLASSES, drawPosts, SIDE } from './draw-posts'
import type { Task } from './task'

/** What small encoders, trained with the model, read of drawn posts. */
export interface DrawnBatch {
  text: TextInputs
  image: ImageInputs
}

/** Size of the encoders' states. */
const HIDDEN = 32

/** Draws posts; their encoders, one BERT layer and patches through two linear layers, begin at random. */
export function drawnTask(posts: number, seed: number): Task<DrawnBatch> {
  const drawn = drawPosts(posts, seed)
  const words = [...new Set(drawn.flatMap(({ text }) => text.split(' ')))].sort()
  const tokenizer = tokenizerFromVocab(['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...words], { lowercase: true })
  const idsOf = (text: string): number[] => [...tokenizer.encodeWords(text.split(' ')).ids]
  const ids = drawn.map(({ text }) => idsOf(text))
  const tokens = Math.max(...ids.map(row => row.length))
  const nothing = [tokenizer.specialIds.cls, tokenizer.specialIds.sep]
  return {
    classes: CLASSES,
    labels: drawn.map(({ label }) => label),
    kinds: drawn.map(({ kind }) => kind),
    groups: drawn.map((_, post) => post),
    createEncoders(seed) {
      const text = createTextEncoder({
        ...{ kind: 'bert', vocabSize: tokenizer.vocabSize, maxPositions: tokens, seed },
        ...{ hidden: HIDDEN, layers: 1, heads: 4 },
      })
      const image = createPatchEncoder({
        ...{ kind: 'patches', imageSize: SIDE, patchSize: 4, channels: HIDDEN, hidden: 2 * HIDDEN, seed },
      })
      return {
        textSize: HIDDEN,
        imageSize: HIDDEN,
        encode: (batch, options = {}) => ({
          text: text.apply(batch.text, options),
          image: image.apply(batch.image, options),
        }),
        parameters: () => ({
          ...prefixParameters('text', text.parameters()),
          ...prefixParameters('image', image.parameters()),
        }),
        dispose() {
          text.dispose()
          image.dispose()
        },
      }
    },
    batch(posts, sides) {
      const given = new Int32Array(posts.length * tokens).fill(tokenizer.specialIds.pad)
      const mask = new Float32Array(posts.length * tokens)
      const pixels = new Float32Array(posts.length * SIDE * SIDE * 3)
      for (const [i, post] of posts.entries()) {
        const row = sides === 'picture' ? nothing : ids[post]!
        given.set(row, i * tokens)
        mask.fill(1, i * tokens, i * tokens + row.length)
        pixels.set(drawn[post]!.pixels, i * SIDE * SIDE * 3)
      }
      return {
        text: {
          ids: { data: given, shape: [posts.length, tokens] },
          mask: { data: mask, shape: [posts.length, tokens] },
        },
        image: {
          pixels: { data: pixels, shape: [posts.length, SIDE, SIDE, 3] },
          present: new Float32Array(posts.length).fill(sides === 'text' ? 0 : 1),
        },
      }
    },
  }
}

import { createPatchEncoder, createTextEncoder, type ImageInputs, type TextInputs } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { chooseExchanges, createMatching, type Partners } from '@mafjs/match'
import { presence } from '@mafjs/tensor'
import { composeModule, createLinear, maskedMean } from '@mafjs/tensor/compose'
import { defineClassifier, padRows } from '@mafjs/train'
import { CLASSES, type Post, SIDE } from './draw-posts'

type Inputs = { words: TextInputs; picture: ImageInputs; partners: Partners | undefined }

/** Tells how a post feels: MAF with a classifier of posts in place of the CRF. */
export function sentimentTask(vocabulary: readonly string[], seed: number, hidden = 32) {
  const ids = new Map(['[PAD]', '[CLS]', '[UNK]', ...vocabulary].map((word, id) => [word, id]))
  const sizes = { imageSize: SIDE, patchSize: 4, channels: hidden, hidden: 2 * hidden }
  const parts = {
    text: createTextEncoder({ kind: 'bert', vocabSize: ids.size, hidden, layers: 1, heads: 4, seed }),
    image: createPatchEncoder({ kind: 'patches', ...sizes, seed }),
    interact: createCrossAttention({ hidden, imageSize: hidden, heads: 4, intermediate: 2 * hidden, seed }),
    match: createMatching({ hidden, seed }),
    fuse: createGatedFusion({ hidden, seed }),
    head: createLinear({ inFeatures: 2 * hidden, outFeatures: CLASSES.length, seed }),
  }
  const model = composeModule(parts, (parts, { words, picture, partners }: Inputs, options) => {
    const [text, image] = [parts.text.apply(words, options), parts.image.apply(picture, options)]
    const { states, attention } = parts.interact.apply({ text, image }, options) // [batch, tokens, hidden]
    const matching = parts.match.apply({ text, states, present: presence(image.mask), partners }, options)
    const fused = parts.fuse.apply({ text, states: matching.states }, options) // [batch, tokens, 2 * hidden]
    const logits = parts.head.apply(maskedMean(fused.states, text.mask)) // [batch, classes]
    const maps = { match: matching.probability, gate: fused.gate, ...(attention && { attention }) }
    return { logits, losses: { matching: matching.loss }, maps }
  })
  const task = defineClassifier({
    ...{ model, classes: CLASSES, classOf: ({ label }: Post) => label, weights: { matching: 0.3 } },
    collate(posts, run) {
      const tokens = posts.map(({ words }) => [1, ...words.map(word => ids.get(word) ?? 2)])
      const { values, mask } = padRows(tokens, { positions: 10, dtype: 'int32' })
      const pixels = new Float32Array(posts.length * SIDE * SIDE * 3)
      for (const [row, { picture }] of posts.entries()) pixels.set(picture ?? [], row * SIDE * SIDE * 3)
      const present = Float32Array.from(posts, ({ picture }) => Number(picture !== null))
      const both = posts.map(({ words, picture }, row) => (words.length > 0 && picture ? row : null))
      return {
        words: { ids: values, mask },
        picture: { pixels: { data: pixels, shape: [posts.length, SIDE, SIDE, 3] }, present },
        partners: run && chooseExchanges({ ids: both, ...run }),
      }
    },
  })
  return { ...task, model }
}

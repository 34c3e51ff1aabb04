import { createPatchEncoder, createTextEncoder, type ImageInputs, type TextInputs } from '@mafjs/encoders'
import { classificationReport } from '@mafjs/evaluate'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { chooseExchanges, createMatching } from '@mafjs/match'
import { presence } from '@mafjs/tensor'
import { composeModule, createLinear, crossEntropy, maskedMean } from '@mafjs/tensor/compose'
import { defineTask, padRows, sumLosses } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { CLASSES, KINDS, type Post, SIDE } from './draw-posts'

type Inputs = { words: TextInputs; picture: ImageInputs; labels: tf.Tensor1D; partners?: tf.Tensor1D }

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
    const { states } = parts.interact.apply({ text, image }, options) // [batch, tokens, hidden]
    const matching = parts.match.apply({ text, states, present: presence(image.mask), partners }, options)
    const fused = parts.fuse.apply({ text, states: matching.states }, options) // [batch, tokens, 2 * hidden]
    return { logits: parts.head.apply(maskedMean(fused.states, text.mask)), matching: matching.loss }
  })
  return defineTask({
    model,
    collate(posts: readonly Post[], run) {
      const tokens = posts.map(({ words }) => [1, ...words.map(word => ids.get(word) ?? 2)])
      const { values, mask } = padRows(tokens, { positions: 10, dtype: 'int32' })
      const pixels = new Float32Array(posts.length * SIDE * SIDE * 3)
      for (const [row, { picture }] of posts.entries()) pixels.set(picture ?? [], row * SIDE * SIDE * 3)
      const both = posts.map(({ words, picture }, row) => (words.length > 0 && picture ? row : null))
      const partners = run && chooseExchanges({ ids: both, ...run })
      return {
        words: { ids: values, mask },
        picture: {
          pixels: { data: pixels, shape: [posts.length, SIDE, SIDE, 3] },
          present: Float32Array.from(posts, ({ picture }) => Number(picture !== null)),
        },
        labels: Int32Array.from(posts, ({ label }) => CLASSES.indexOf(label)),
        ...(partners && { partners }),
      }
    },
    loss(inputs: Inputs, options) {
      const { logits, matching } = model.apply(inputs, options)
      return sumLosses({ label: crossEntropy(logits, inputs.labels), matching }, { matching: 0.3 })
    },
    outputs: inputs => ({ classes: tf.argMax(model.apply(inputs).logits, 1) }),
    decode: ({ classes }, posts) => posts.map((_, row) => CLASSES[classes!.data[row]!]!),
    score(predicted, posts) {
      const gold = posts.map(({ label }) => label)
      const { accuracy, macro } = classificationReport({ gold, predicted, classes: CLASSES })
      const kinds = KINDS.map(kind => {
        const rows = [...posts.keys()].filter(row => posts[row]!.kind === kind)
        return rows.filter(row => predicted[row] === gold[row]).length / rows.length
      })
      return { score: macro.f1, shares: [accuracy, macro.f1, ...kinds] } // the score chooses the epoch
    },
  })
}

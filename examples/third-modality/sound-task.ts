import { createAlignment } from '@mafjs/align'
import { createTextEncoder, type TextInputs } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { chooseExchanges, createMatching, type Partners } from '@mafjs/match'
import { type Encoding, presence, withoutPadding } from '@mafjs/tensor'
import { composeModule, createLinear, maskedMean } from '@mafjs/tensor/compose'
import { defineClassifier, padRows } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { BANDS, FRAMES, type Post, SUBJECTS } from './draw-posts'

type Sound = { values: tf.Tensor3D; mask: tf.Tensor2D }
type Inputs = { words: TextInputs; sound: Sound; partners: Partners | undefined }

/** All that a new modality needs: its frames are the positions, and the summary is the loudest that each band became. */
function encodeSound({ values, mask }: Sound): Encoding {
  const loudest = tf.max(tf.sub(values, tf.mul(tf.sub(1, tf.expandDims(mask, 2)), 1e3)), 1) as tf.Tensor2D
  return { states: values, summary: withoutPadding(loudest, presence(mask)), mask }
}

/** Finds what a post is about from its words and its sound: the modules of MAF as they are. */
export function soundTask(vocabulary: readonly string[], seed: number, hidden = 32) {
  const ids = new Map(['[PAD]', '[CLS]', '[UNK]', ...vocabulary].map((word, id) => [word, id]))
  const parts = {
    text: createTextEncoder({ kind: 'bert', vocabSize: ids.size, hidden, layers: 1, heads: 2, seed }),
    align: createAlignment({ textSize: hidden, imageSize: BANDS, hidden, seed }),
    interact: createCrossAttention({ hidden, imageSize: BANDS, heads: 2, seed }),
    match: createMatching({ hidden, seed }),
    fuse: createGatedFusion({ hidden, seed }),
    head: createLinear({ inFeatures: 2 * hidden, outFeatures: SUBJECTS.length, seed }),
  }
  const model = composeModule(parts, (parts, { words, sound, partners }: Inputs, options) => {
    const [text, image] = [parts.text.apply(words, options), encodeSound(sound)]
    const { states } = parts.interact.apply({ text, image }, options) // [batch, tokens, hidden]
    const matching = parts.match.apply({ text, states, present: presence(image.mask), partners }, options)
    const fused = parts.fuse.apply({ text, states: matching.states }, options) // [batch, tokens, 2 * hidden]
    const logits = parts.head.apply(maskedMean(fused.states, text.mask)) // [batch, subjects]
    const losses = { matching: matching.loss, alignment: parts.align.apply({ text, image }, options).loss }
    return { logits, losses, extras: { match: matching.probability } }
  })
  return defineClassifier({
    ...{ model, classes: SUBJECTS, classOf: ({ subject }: Post) => subject },
    weights: { matching: 0.2, alignment: 0.1 },
    collate(posts, run) {
      const tokens = posts.map(({ words }) => [1, ...words.map(word => ids.get(word) ?? 2)])
      const { values, mask } = padRows(tokens, { positions: 10, dtype: 'int32' })
      const own = posts.map(({ sound }, row) => (sound ? row : null))
      const partners = run && chooseExchanges({ ids: own, ...run })
      const sounds = posts.map(({ sound }) => sound ?? []) // an empty row: no sound
      const sound = padRows(sounds, { positions: FRAMES, size: BANDS })
      return { words: { ids: values, mask }, sound, partners }
    },
  })
}

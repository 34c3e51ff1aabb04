import { createAlignment } from '@mafjs/align'
import { createTextEncoder, type TextInputs } from '@mafjs/encoders'
import { areaUnderRoc } from '@mafjs/evaluate'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { chooseExchanges, createMatching } from '@mafjs/match'
import { type Encoding, presence, withoutPadding } from '@mafjs/tensor'
import { composeModule, createLinear, crossEntropy, maskedMean } from '@mafjs/tensor/compose'
import { defineTask, padRows, sumLosses } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { BANDS, FRAMES, GROUPS, type Post, SUBJECTS } from './draw-posts'

type Sounds = { values: tf.Tensor3D; mask: tf.Tensor2D }
type Inputs = { words: TextInputs; sound: Sounds; subjects: tf.Tensor1D; partners?: tf.Tensor1D }

/** All that a new modality needs: its frames are the positions, and the summary is the loudest that each band became. */
function encodeSound({ values, mask }: Sounds): Encoding {
  const loudest = tf.max(tf.sub(values, tf.mul(tf.sub(1, tf.expandDims(mask, 2)), 1e3)), 1) as tf.Tensor2D
  return { states: values, summary: withoutPadding(loudest, presence(mask)), mask }
}

/** Finds what a post is about from its words and its sound: the modules of MAF as they are, and a linear layer. */
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
    return { logits, matching, alignment: parts.align.apply({ text, image }, options).loss }
  })
  return defineTask({
    model,
    collate(posts: readonly Post[], run) {
      const tokens = posts.map(({ words }) => [1, ...words.map(word => ids.get(word) ?? 2)])
      const { values, mask } = padRows(tokens, { positions: 10, dtype: 'int32' })
      const sounds = posts.map(({ sound }) => sound ?? []) // an empty row: no sound
      const own = posts.map(({ sound }, row) => (sound ? row : null))
      const partners = run && chooseExchanges({ ids: own, ...run })
      return {
        words: { ids: values, mask },
        sound: padRows(sounds, { positions: FRAMES, size: BANDS }),
        subjects: Int32Array.from(posts, ({ subject }) => SUBJECTS.indexOf(subject)),
        ...(partners && { partners }),
      }
    },
    loss(inputs: Inputs, options) {
      const { logits, matching, alignment } = model.apply(inputs, options)
      const parts = { subject: crossEntropy(logits, inputs.subjects), matching: matching.loss, alignment }
      return sumLosses(parts, { matching: 0.2, alignment: 0.1 })
    },
    outputs(inputs) {
      const { logits, matching } = model.apply(inputs)
      return { subjects: tf.argMax(logits, 1), matches: matching.probability }
    },
    decode: ({ subjects, matches }, posts) =>
      posts.map((_, row) => ({ subject: SUBJECTS[subjects!.data[row]!]!, match: matches!.data[row]! })),
    score(predicted, posts) {
      const right = predicted.map(({ subject }, row) => subject === posts[row]!.subject)
      const rows = GROUPS.map(name => [...posts.keys()].filter(row => posts[row]!.group === name))
      const share = (rows: number[]) => rows.filter(row => right[row]).length / rows.length
      const [fits, , misleads] = rows.map(rows => rows.map(row => predicted[row]!.match))
      const shares = [share([...posts.keys()]), ...rows.map(share)]
      return { score: shares[0]!, shares, matchAuc: areaUnderRoc(fits!, misleads!) }
    },
  })
}

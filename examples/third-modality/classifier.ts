import { createAlignment } from '@mafjs/align'
import { createTextEncoder, type TextInputs } from '@mafjs/encoders'
import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { createMatching } from '@mafjs/match'
import {
  createParameters,
  disposeParameters,
  linear,
  linearSpecs,
  logSumExp,
  type Module,
  prefixParameters,
  presence,
  withoutPadding,
} from '@mafjs/tensor'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { encodeSound, type SoundInputs } from './sound-encoding'

/** Sizes of the classifier. */
export interface ClassifierConfig {
  vocabSize: number
  bands: number
  subjects: number
  hidden: number
  seed: number
}

/** What the classifier reads. */
export interface ClassifierInputs {
  text: TextInputs
  sound: SoundInputs
  /** `[batch, subjects]`, 1 at the right one; without it there are no losses. */
  subjects?: Tensor2D
  /** Whose sound every post hears in matching's loss, and 1 where it is its own, `[batch]` each. @default its own */
  exchanges?: { partners: Tensor1D; labels: Tensor1D }
}

/** What the classifier gives. */
export interface ClassifierOutputs {
  /** `[batch, subjects]` */
  logits: Tensor2D
  /** `[batch]`: how likely it is that text and sound belong together. */
  match: Tensor1D
  losses?: { classification: Scalar; alignment: Scalar; matching: Scalar }
}

/** What a post is about, from its text and its sound: the modules of MAF as they are, and a linear layer on the mean. */
export function createClassifier(
  config: ClassifierConfig,
): Module<ClassifierInputs, ClassifierOutputs, ClassifierConfig> {
  const { vocabSize, bands, subjects: classes, hidden, seed } = config
  const encoder = createTextEncoder({ kind: 'bert', vocabSize, hidden, layers: 1, heads: 2, seed })
  const parts = {
    text: encoder,
    // Their second modality is called image there; what comes is an `Encoding`, and no more is asked.
    align: createAlignment({ textSize: hidden, imageSize: bands, hidden, seed }),
    interact: createCrossAttention({ hidden, imageSize: bands, heads: 2, seed }),
    match: createMatching({ hidden, seed }),
    fuse: createGatedFusion({ hidden, seed }),
  }
  const own = createParameters(linearSpecs('classifier', 2 * hidden, classes), seed)

  const forward = (
    { text: words, sound: recording, subjects, exchanges }: ClassifierInputs,
    options: Parameters<typeof encoder.apply>[1],
  ): ClassifierOutputs => {
    const text = encoder.apply(words, options)
    const sound = encodeSound(recording)
    const attended = parts.interact.apply({ text, image: sound }, options).states
    const itself = Array.from({ length: recording.mask.shape[0] }, (_, row) => row)
    const matched = parts.match.apply(
      { text, states: attended, present: presence(sound.mask), ...(exchanges ?? { partners: itself }) },
      options,
    )
    const { states } = parts.fuse.apply({ text, states: matched.states }, options)
    const count = tf.maximum(tf.sum(text.mask, 1, true), 1)
    const mean = tf.div(tf.sum(withoutPadding(states, text.mask), 1), count) as Tensor2D
    const logits = linear(
      mean,
      own['classifier.weight'] as unknown as Tensor2D,
      own['classifier.bias'] as unknown as Tensor1D,
    )
    const outputs = { logits, match: matched.probability }
    if (!subjects) return outputs
    const right = tf.sum(tf.mul(logits, subjects), 1)
    return {
      ...outputs,
      losses: {
        classification: tf.mean(tf.sub(logSumExp(logits, 1), right)) as Scalar,
        alignment: parts.align.apply({ text, image: sound }, options).loss,
        matching: matched.loss,
      },
    }
  }
  return {
    config,
    apply: (inputs, options) => tf.tidy(() => forward(inputs, options) as never) as ClassifierOutputs,
    parameters: () => ({
      ...own,
      ...Object.assign(
        {},
        ...Object.entries(parts).map(([name, part]) => prefixParameters(name, part.parameters())),
      ),
    }),
    dispose: () => {
      disposeParameters(own)
      for (const part of Object.values(parts)) part.dispose()
    },
  }
}

import { compile } from '@mafjs/compile'
import { createTokenBatch, loadTextEncoder, type TextInputs } from '@mafjs/encoders'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { type Features, stack } from './features'

/** Texts that are encoded together. */
const BATCH = 32

/**
 * One vector for each text: the mean of what a frozen text encoder makes of its tokens, as sentence encoders have it.
 *
 * @param checkpoint a folder in Hugging Face's layout, or a name on the hub
 */
export async function encodeTexts(checkpoint: string, texts: readonly string[]): Promise<Features> {
  const { encoder, tokenizer } = await loadTextEncoder(checkpoint, { maxLength: 128 })
  const encode = compile(
    (inputs: TextInputs) => {
      const { states, mask } = encoder.apply(inputs)
      const weights = tf.div(mask, tf.sum(mask, 1, true)) // [batch, tokens]
      return { vectors: tf.sum(tf.mul(states, tf.expandDims(weights, 2)), 1) as Tensor2D }
    },
    {
      threads: 1,
      dynamic: { axes: { ids: ['batch', 'tokens'], mask: ['batch', 'tokens'] }, largest: { tokens: 128 } },
    },
  )
  const vectors: Float32Array[] = []
  for (let start = 0; start < texts.length; start += BATCH) {
    const rows = texts.slice(start, start + BATCH).map(text => tokenizer.encodeWords(text.split(' ')).ids)
    const batch = createTokenBatch(rows, {
      vocabSize: encoder.config.vocabSize,
      padId: tokenizer.specialIds.pad,
    })
    const { data, shape } = (await encode.run(batch))['vectors']!
    tf.dispose({ ...batch })
    const size = shape[1]!
    for (const row of rows.keys()) vectors.push(data.slice(row * size, (row + 1) * size) as Float32Array)
  }
  await encode.dispose()
  encoder.dispose()
  return stack(vectors)
}

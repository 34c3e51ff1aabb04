import { compile } from '@mafjs/compile'
import { createTokenBatch, loadTextEncoder, type TextInputs } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import type { Sequence } from './frozen-task'

/** Texts that are encoded together. */
const BATCH = 32
/** Word pieces of a text at most. */
const LONGEST = 64

/**
 * The states that a frozen text encoder gives the tokens of each text.
 *
 * @param checkpoint a folder in Hugging Face's layout, or a name on the hub
 */
export async function encodeTexts(checkpoint: string, texts: readonly string[]): Promise<Sequence[]> {
  const { encoder, tokenizer } = await loadTextEncoder(checkpoint, { maxLength: LONGEST })
  const encode = compile((inputs: TextInputs) => ({ states: encoder.apply(inputs).states }), {
    threads: 1,
    dynamic: { axes: { ids: ['batch', 'tokens'], mask: ['batch', 'tokens'] }, largest: { tokens: LONGEST } },
  })
  const sequences: Sequence[] = []
  for (let start = 0; start < texts.length; start += BATCH) {
    const rows = texts.slice(start, start + BATCH).map(text => tokenizer.encodeWords(text.split(' ')).ids)
    const batch = createTokenBatch(rows, {
      vocabSize: encoder.config.vocabSize,
      padId: tokenizer.specialIds.pad,
    })
    const { data, shape } = (await encode.run(batch))['states']!
    tf.dispose({ ...batch })
    const [, positions, size] = shape as unknown as [number, number, number]
    for (const [i, row] of rows.entries()) {
      const first = i * positions * size
      const states = data.slice(first, first + row.length * size) as Float32Array
      sequences.push({ data: states, positions: row.length, size })
    }
  }
  await encode.dispose()
  encoder.dispose()
  return sequences
}

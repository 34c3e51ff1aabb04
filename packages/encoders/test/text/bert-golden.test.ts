import { existsSync, readFileSync } from 'node:fs'
import { assignParameters } from '@mafjs/tensor'
import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, test } from 'vitest'
import { textEncoderConfigFromHuggingFace } from '../../src/checkpoint/hugging-face-config'
import { createTextEncoder } from '../../src/text/create-text-encoder'

// Written by running the published code (see FORMAT.md beside the fixture); the second one is not shipped.
const folders = {
  modelL: new URL('../../../ner-maf/test/fixtures/golden/modelL/', import.meta.url),
  model128: new URL('../../../../../shared/golden/maf/model128/', import.meta.url),
}

beforeAll(() => tf.setBackend('cpu'))

describe.each(Object.entries(folders))('BERT of %s', (name, folder) => {
  const isThere = existsSync(folder)
  if (!isThere) console.warn(`SKIPPED: BERT against ${name}, for want of ../shared/golden/maf/${name}`)

  test.skipIf(!isThere)('is equal to the published code', async () => {
    const read = (file: string) => {
      const { tensors } = readSafetensors(new Uint8Array(readFileSync(new URL(file, folder))))
      return (key: string) => ({
        values: toFloat32(tensors[key]!),
        shape: tensors[key]!.shape as [number, number],
      })
    }
    const { config } = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'))
    // The rest is not BERT's.
    const { dropout, cross_layers, seq_len, crs_classifier_in, ...bert } = config
    const json = { ...bert, hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout }
    const encoder = createTextEncoder(
      { ...textEncoderConfigFromHuggingFace(json), summary: 'pooler' },
      { initialise: false },
    )
    const weights = read('weights.safetensors')
    const values = Object.keys(encoder.parameters()).map(key => {
      const weight = weights(`bert.${key}`)
      return [key, tf.tensor(weight.values, weight.shape as number[])] as const
    })
    assignParameters(encoder.parameters(), Object.fromEntries(values))
    const inputs = read('inputs.safetensors')
    const ids = inputs('input_ids')
    const mask = inputs('input_mask')
    const { states, summary } = encoder.apply({
      ids: tf.tensor2d(ids.values, ids.shape, 'int32'),
      mask: tf.tensor2d(mask.values, mask.shape),
    })
    const expected = read('expected.safetensors')
    for (const [key, tensor] of Object.entries({ sequence_output: states, pooled_output: summary })) {
      const wanted = expected(`train/bert.${key}`)
      expect(tensor.shape).toEqual(wanted.shape)
      const received = await tensor.data()
      const deviation = wanted.values.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - received[i]!)),
        0,
      )
      const largest = wanted.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(deviation, key).toBeLessThan(5e-6 * Math.max(1, largest))
    }
  })
})

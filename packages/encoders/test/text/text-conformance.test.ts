import { uniform } from '@mafjs/tensor'
import { checkConformance, indexInput, maskInput, type TensorInput } from '@mafjs/tensor/testing'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTextEncoder } from '../../src/text/create-text-encoder'
import type { TextEncoderConfig } from '../../src/text/text-encoder-config'
import { WORD_SHAPES } from '../../src/text/word-shapes'

beforeAll(() => tf.setBackend('cpu'))

const config: TextEncoderConfig = {
  kind: 'bert',
  vocabSize: 13,
  hidden: 6,
  layers: 2,
  heads: 3,
  intermediate: 7,
  maxPositions: 9,
  typeVocabSize: 1,
  // Beyond every id that is drawn below: the padding's own row has no gradient by design.
  padId: 12,
  layerNormEpsilon: 1e-6,
  hiddenDropout: 0.2,
  attentionDropout: 0.3,
  seed: 5,
}

/** Never 0, the row of which has no gradient by design. */
const shapes: TensorInput['values'] = (count, seed) =>
  Array.from(uniform(count, { seed, site: 'shapes' }), draw => 1 + Math.floor(draw * 12))

const { typeVocabSize: _types, layerNormEpsilon: _epsilon, ...bare } = config
const variants: [string, TextEncoderConfig][] = [
  ['BERT with summary cls', config],
  ['BERT with summary pooler', { ...config, summary: 'pooler' }],
  ['RoBERTa', { ...config, kind: 'roberta' }],
  ['ELECTRA', { ...config, kind: 'electra', embeddingSize: 4 }],
  ['DeBERTa 3', { ...bare, kind: 'deberta-v2' }],
  [
    'DeBERTa 2',
    {
      ...config,
      kind: 'deberta-v2',
      disentangled: {
        addsPositions: true,
        buckets: 4,
        farthest: 9,
        attention: ['p2c'],
        sharesProjections: false,
        normalises: false,
        convolution: { size: 3, activation: 'tanh' },
      },
    },
  ],
  [
    'ModernBERT',
    {
      ...bare,
      kind: 'modernbert',
      rotary: { localLayers: [1], reach: 1, globalTheta: 9, localTheta: 4 },
    },
  ],
  ['DistilBERT', { ...bare, kind: 'distilbert' }],
  ['BERT with word shapes', { ...config, wordShapes: WORD_SHAPES }],
]

describe.each(variants)('%s', (_name, variant) => {
  test('passes the conformance suite', async () => {
    const findings = await checkConformance({
      create: createTextEncoder,
      config: variant,
      dimensions: { batch: 4, positions: 5, hidden: 6, vocab: 12 },
      inputs: {
        ids: indexInput(['batch', 'positions'], 'vocab'),
        mask: maskInput(['batch', 'positions']),
        ...(variant.wordShapes && { shapes: indexInput(['batch', 'positions'], 13, { values: shapes }) }),
      },
      outputs: {
        states: ['batch', 'positions', 'hidden'],
        summary: ['batch', 'hidden'],
        mask: { shape: ['batch', 'positions'], differentiable: false },
      },
      random: 'positions',
      zeroGradients: Object.fromEntries(
        (/modernbert|deberta/.test(variant.kind) ? [] : [0, 1]).map(layer => [
          `encoder.layer.${layer}.attention.self.key.bias`,
          'adds the same to every score of a query, which the softmax takes out',
        ]),
      ),
    })
    // The padding's row of RoBERTa's position table is not trained, although the states of padding depend on it.
    const padding = { check: 'gradient', subject: 'embeddings.position_embeddings.weight' }
    expect(findings).toEqual(variant.kind === 'roberta' ? [expect.objectContaining(padding)] : [])
  })
})

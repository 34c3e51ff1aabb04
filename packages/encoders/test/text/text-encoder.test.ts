import { dropoutMask, layerNorm, transformerLayer } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTextEncoder } from '../../src/text/create-text-encoder'
import { encodeTokens } from '../../src/text/encode-tokens'
import {
  completeTextEncoderConfig,
  layerConfig,
  type TextEncoderConfig,
} from '../../src/text/text-encoder-config'

import { TEXT_ENCODER_KINDS } from '../../src/text/text-encoder-traits'
import { createTokenBatch } from '../../src/text/token-batch'

beforeAll(() => tf.setBackend('cpu'))

const config: TextEncoderConfig = {
  kind: 'bert',
  vocabSize: 9,
  hidden: 4,
  layers: 1,
  heads: 2,
  maxPositions: 3,
}

const ROTARY = { localLayers: [0], reach: 1, globalTheta: 9, localTheta: 4 }

const DISTANCES = {
  addsPositions: true,
  buckets: 0,
  farthest: 3,
  attention: ['c2p', 'p2c'],
  sharesProjections: false,
  normalises: true,
  convolution: { size: 3, activation: 'tanh' },
}

describe('dropout', () => {
  test('drops the embeddings after their layer norm, then acts in every layer', async () => {
    const encoder = createTextEncoder({ ...config, hiddenDropout: 0.5, attentionDropout: 0.25 })
    const parameters = encoder.parameters()
    const options = { training: true, seed: 11, step: 2 }
    const { ids, mask } = createTokenBatch([[1, 2, 3], [4]], { vocabSize: 9 })
    const parameter = (name: string) => parameters[`embeddings.${name}`] as tf.Tensor
    const words = tf.gather(parameter('word_embeddings.weight'), ids)
    const places = tf.slice(parameter('position_embeddings.weight'), 0, 3)
    const embedded = layerNorm(
      tf.add(tf.add(words, places), tf.slice(parameter('token_type_embeddings.weight'), 0, 1)) as tf.Tensor3D,
      parameter('LayerNorm.weight') as tf.Tensor1D,
      parameter('LayerNorm.bias') as tf.Tensor1D,
    )
    const dropped = dropoutMask(embedded.size, 0.5, { seed: 11, step: 2, site: 'embeddings' })
    expect(dropped).toContain(0)
    const layer = layerConfig(completeTextEncoderConfig(encoder.config))
    const expected = transformerLayer(
      { states: tf.mul(embedded, tf.tensor(dropped, embedded.shape)), mask },
      parameters,
      'encoder.layer.0',
      layer,
      options,
    )
    const { states, summary } = encoder.apply({ ids, mask }, options)
    const deviation = tf.max(tf.abs(tf.sub(states, expected)))
    expect((await deviation.data())[0]).toBeLessThan(1e-6)
    expect(summary.arraySync()).toEqual(tf.unstack(states, 1)[0]?.arraySync())
    expect(layer).toMatchObject({ hiddenDropout: 0.5, attentionDropout: 0.25 })
  })

  test('leaves the output of the attention alone in DistilBERT, and only there', () => {
    const rates = TEXT_ENCODER_KINDS.map(kind => {
      const { attentionOutputDropout } = layerConfig(completeTextEncoderConfig({ ...config, kind }))
      return [kind, attentionOutputDropout]
    })
    expect(rates).toEqual([
      ['bert', 0.1],
      ['roberta', 0.1],
      ['xlm-roberta', 0.1],
      ['camembert', 0.1],
      ['distilbert', 0],
      ['electra', 0.1],
      ['modernbert', 0.1],
      ['deberta-v2', 0.1],
    ])
  })
})

describe('bad input', () => {
  const encode = (ids: tf.Tensor, mask: tf.Tensor) =>
    createTextEncoder(config).apply({ ids: ids as tf.Tensor2D, mask: mask as tf.Tensor2D })

  test('names the positions that are too many', () => {
    expect(() => encode(tf.zeros([1, 4], 'int32'), tf.ones([1, 4]))).toThrow(
      "inputs.ids must have at most 3 positions, the encoder's maxPositions. Received: 4. Cut the text: give the " +
        'tokenizer maxLength: 3.',
    )
  })
  test('refuses an id outside the vocabulary where it is still a number', () => {
    expect(() => createTokenBatch([[1], [2, 9]], { vocabSize: 9 })).toThrow(
      /^rows\[1\]\[1\] must be a token id from 0 to 8\. Received: 9\./,
    )
    expect(() => createTokenBatch([[-1]], { vocabSize: 9 })).toThrow(/rows\[0\]\[0\]/)
    expect(() => createTokenBatch([[1, 2, 3]], { vocabSize: 9, positions: 2 })).toThrow(/at most 2 ids/)
  })
  test.each([
    [{ heads: 3 }, /heads must divide hidden = 4/],
    [{ hidden: 0 }, /hidden must be a positive whole number/],
    [{ hiddenDropout: 1 }, /hiddenDropout must be in \[0, 1\)/],
    [{ summary: 'mean' }, /summary must be 'cls' or 'pooler'. Received: mean/],
    [{ activation: 'relu' }, /activation must be 'gelu'. Received: relu/],
    [
      { kind: 'gpt2' },
      /kind must be 'bert' or 'roberta' or 'xlm-roberta' or 'camembert' or 'distilbert' or 'electra' or 'modernbert' or 'deberta-v2'. Received: gpt2/,
    ],
    [{ padId: -1 }, /padId must be an integer of at least 0/],
    [{ typeVocabSize: 0 }, /typeVocabSize must be a positive integer/],
    [{ rotary: ROTARY }, /rotary must be left out of kind 'bert'/],
    [{ disentangled: DISTANCES }, /disentangled must be left out of kind 'bert'/],
    [
      { kind: 'deberta-v2', disentangled: { ...DISTANCES, buckets: 2, farthest: 2 } },
      /disentangled\.farthest must be more than 2/,
    ],
    [
      { kind: 'deberta-v2', disentangled: { ...DISTANCES, attention: ['p2p'] } },
      /disentangled\.attention must list c2p, p2c or both\. Received: p2p/,
    ],
    [
      { kind: 'deberta-v2', disentangled: { ...DISTANCES, convolution: { size: 2, activation: 'tanh' } } },
      /disentangled\.convolution\.size must be an odd number/,
    ],
    [{ kind: 'modernbert', heads: 4 }, /heads must leave an even number of values to each/],
    [
      { kind: 'modernbert', rotary: { ...ROTARY, localLayers: [1] } },
      /localLayers must be numbers of layers, from 0 to 0/,
    ],
    [
      { kind: 'modernbert', rotary: { ...ROTARY, localTheta: 0 } },
      /rotary\.localTheta must be a positive number/,
    ],
    [{ embeddingSize: 2 }, /embeddingSize must be hidden = 4 of kind 'bert'/],
    [{ kind: 'electra', embeddingSize: 0 }, /embeddingSize must be a positive whole number/],
    [{ kind: 'electra', summary: 'pooler' }, /summary must be 'cls' of kind 'electra'/],
    [{ kind: 'distilbert', typeVocabSize: 2 }, /typeVocabSize must be 0 of kind 'distilbert'/],
    [{ kind: 'distilbert', layerNormEpsilon: 1e-5 }, /layerNormEpsilon must be 1e-12 of kind 'distilbert'/],
  ])('refuses %j', (change, message) => {
    expect(() => createTextEncoder({ ...config, ...change } as TextEncoderConfig)).toThrow(message)
  })
})

test('encodeTokens leaves nothing behind but its encoding', () => {
  const { config: complete, parameters } = createTextEncoder({ ...config, summary: 'pooler' })
  const batch = createTokenBatch([[1, 2], [3]], { vocabSize: 9 })
  const before = tf.memory().numTensors
  tf.dispose({ ...encodeTokens(batch, parameters(), complete) })
  expect(tf.memory().numTensors).toBe(before)
})

test('a batch is padded to its longest row', () => {
  const { ids, mask } = createTokenBatch([[1, 2], [3]], { vocabSize: 9, padId: 7 })
  expect(ids.arraySync()).toEqual([
    [1, 2],
    [3, 7],
  ])
  expect([ids.dtype, mask.dtype]).toEqual(['int32', 'float32'])
  expect(mask.arraySync()).toEqual([
    [1, 1],
    [1, 0],
  ])
})

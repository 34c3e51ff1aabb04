import { useBackend } from '@mafjs/compile/engine'
import { type Module, uniform } from '@mafjs/tensor'
import {
  type ConformanceSubject,
  checkConformance,
  encodingInput,
  indexInput,
  maskInput,
  type TensorInput,
  valueInput,
} from '@mafjs/tensor/testing'
import type { TensorContainer } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { MafInputs } from '../../src/model/maf'
import { tinyMaf, tinyReference, tinyText } from './tiny'

beforeAll(() => useBackend('cpu'))

const KEY_BIAS = 'it adds the same to the scores of all keys, which softmax does not see'

/** Never the padding's id, whose row has no gradient. */
const ids: TensorInput['values'] = (count, seed) =>
  Array.from(uniform(count, { seed, site: 'ids' }), draw => 1 + Math.floor(draw * 12))

/** The model with only the outputs that others build on; what lies between is checked where it is made. */
function create(config: MafConfig): Module<MafInputs, object, MafConfig> {
  const model = buildMaf(config)
  return {
    ...model,
    apply: (inputs, options) =>
      tf.tidy(() => {
        const { emissions, mask, losses, matching } = model.apply(inputs, options)
        return {
          emissions,
          mask,
          losses,
          ...(matching && { match: matching.probability }),
        } as TensorContainer
      }) as object,
  }
}

const subject = {
  create,
  dimensions: { batch: 4, tokens: 5, regions: 3, channels: 6, hidden: 8, labels: 7 },
  inputs: {
    text: {
      ids: indexInput(['batch', 'tokens'], 13, { values: ids }),
      mask: maskInput(['batch', 'tokens']),
    },
    labels: indexInput(['batch', 'tokens'], 7, { optional: true }),
  },
  outputs: {
    emissions: ['batch', 'tokens', 'labels'],
    mask: { shape: ['batch', 'tokens'], differentiable: false },
    'losses.total': [],
    'losses.tagging': [],
    'losses.matching': [],
    'losses.alignment': [],
  },
  random: 'positions',
  zeroGradients: { 'text_encoder.encoder.layer.0.attention.self.key.bias': KEY_BIAS },
} satisfies Partial<ConformanceSubject<MafConfig>>

const withPictures = {
  ...subject,
  inputs: {
    ...subject.inputs,
    image: encodingInput('regions', 'channels'),
    exchanges: { partners: valueInput(() => [0, 2, 1, 3]), labels: valueInput(() => [1, 0, 0, 1]) },
  },
  outputs: { ...subject.outputs, match: ['batch'] },
  zeroGradients: { ...subject.zeroGradients, 'interaction.layer.0.attention.self.key.bias': KEY_BIAS },
} satisfies Partial<ConformanceSubject<MafConfig>>

/** A model that is given encodings, as that of somebody with an encoder of their own. */
const withoutEncoder = ({ imageEncoder: _, ...config }: MafConfig): MafConfig => config

it('text only', async () => {
  const config = tinyText({ dropout: 0.1 })
  expect(await checkConformance<MafConfig>({ ...subject, config })).toEqual([])
})

it('with pictures', async () => {
  const config = withoutEncoder(tinyMaf({ dropout: 0.1 }))
  expect(await checkConformance<MafConfig>({ ...withPictures, config })).toEqual([])
})

it('with pictures, as published', async () => {
  const config = withoutEncoder(tinyReference({ dropout: 0.1, tokens: 5 }))
  const findings = await checkConformance<MafConfig>({
    ...withPictures,
    config,
    dimensions: { ...subject.dimensions, labels: config.labels.length },
    exempt: {
      'mask:text.mask.values': 'the published matching head reads padding',
      'mask:text.mask.appended': 'the flattened head takes one length',
    },
  })
  expect(findings).toEqual([])
})

import { checkConformance, maskInput, tensorInput } from '@mafjs/tensor/testing'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, test } from 'vitest'
import { createPatchEncoder } from '../../src/image/patch-encoder'
import type { ResNetConfig } from '../../src/image/resnet-config'
import { createResNetEncoder } from '../../src/image/resnet-encoder'
import { createVisionTransformer } from '../../src/image/vision-transformer'

beforeAll(() => tf.setBackend('cpu'))

// The seed is one for which no step of the finite differences crosses a ReLU's kink.
test.each(['basic', 'bottleneck'] as const)(
  'ResNet with %s blocks passes the conformance suite',
  async block => {
    const config: ResNetConfig = {
      kind: 'resnet',
      block,
      layers: [1, 1, 1, 1],
      width: 2,
      trainable: true,
      seed: 5,
    }
    const findings = await checkConformance({
      create: createResNetEncoder,
      config,
      dimensions: { batch: 4, height: 17, width: 22, regions: 49, channels: block === 'basic' ? 16 : 64 },
      inputs: {
        pixels: tensorInput(['batch', 'height', 'width', 3]),
        present: maskInput(['batch'], { covers: ['pixels'] }),
      },
      outputs: {
        states: ['batch', 'regions', 'channels'],
        summary: ['batch', 'channels'],
        mask: { shape: ['batch', 'regions'], differentiable: false },
      },
    })
    expect(findings).toEqual([])
  },
)

test('the patch encoder passes the conformance suite', async () => {
  const findings = await checkConformance({
    create: createPatchEncoder,
    config: {
      kind: 'patches',
      imageSize: 6,
      patchSize: 3,
      channels: 5,
      hidden: 7,
      positions: true,
      patchNorm: true,
      seed: 3,
    },
    dimensions: { batch: 5, regions: 4, channels: 5 },
    inputs: {
      pixels: tensorInput(['batch', 6, 6, 3]),
      present: maskInput(['batch'], { covers: ['pixels'] }),
    },
    outputs: {
      states: ['batch', 'regions', 'channels'],
      summary: ['batch', 'channels'],
      mask: { shape: ['batch', 'regions'], differentiable: false },
    },
  })
  expect(findings).toEqual([])
})

test.each([
  ['vit', 0.2, 'encoder.layer.0.attention.attention.key.bias'],
  ['clip', 0, 'encoder.layers.0.self_attn.k_proj.bias'],
] as const)(
  'the vision transformer %s passes the conformance suite',
  async (kind, hiddenDropout, keyBias) => {
    const findings = await checkConformance({
      create: createVisionTransformer,
      config: {
        kind,
        imageSize: 4,
        patchSize: 2,
        hidden: 6,
        layers: 1,
        heads: 2,
        intermediate: 5,
        hiddenDropout,
        attentionDropout: 0.1,
        trainable: true,
        seed: 2,
      },
      dimensions: { batch: 5, regions: 4, channels: 6 },
      inputs: {
        pixels: tensorInput(['batch', 4, 4, 3]),
        present: maskInput(['batch'], { covers: ['pixels'] }),
      },
      outputs: {
        states: ['batch', 'regions', 'channels'],
        summary: ['batch', 'channels'],
        mask: { shape: ['batch', 'regions'], differentiable: false },
      },
      random: 'examples',
      zeroGradients: { [keyBias]: 'adds the same to every score of a query, which the softmax takes out' },
    })
    expect(findings).toEqual([])
  },
)

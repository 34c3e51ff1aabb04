import { checkConformance, maskInput, tensorInput } from '@mafjs/tensor/testing'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, test } from 'vitest'
import { createPatchEncoder } from '../../src/image/patch-encoder'
import type { ResNetConfig } from '../../src/image/resnet-config'
import { createResNetEncoder } from '../../src/image/resnet-encoder'

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

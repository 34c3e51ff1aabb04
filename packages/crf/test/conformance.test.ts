import '@tensorflow/tfjs-backend-cpu'
import { createCrf } from '@mafjs/crf'
import { checkConformance, indexInput, maskInput, tensorInput } from '@mafjs/tensor/testing'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'

await tf.setBackend('cpu')

test.each([
  {
    labels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'],
    constraints: 'bio' as const,
    seed: 3,
  },
  { labels: 7, constraints: 'none' as const, seed: 4 },
])('createCrf is a sound module, $constraints', async config => {
  const findings = await checkConformance({
    create: createCrf,
    config,
    dimensions: { batch: 4, positions: 5, labels: 7 },
    inputs: {
      emissions: tensorInput(['batch', 'positions', 'labels']),
      labels: indexInput(['batch', 'positions'], 'labels'),
      mask: maskInput(['batch', 'positions']),
    },
    outputs: { loss: [], logLikelihood: ['batch'] },
  })
  expect(findings).toEqual([])
})

import { checkConformance, encodingInput } from '@mafjs/tensor/testing'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { createTemplateName } from '../src'

await tf.setBackend('cpu')

it('conforms', async () => {
  const findings = await checkConformance({
    create: createTemplateName,
    config: { hidden: 5, seed: 3 },
    dimensions: { batch: 4, positions: 3, hidden: 5 },
    inputs: { input: encodingInput('positions', 'hidden') },
    outputs: { summary: ['batch', 'hidden'] },
  })
  expect(findings).toEqual([])
})

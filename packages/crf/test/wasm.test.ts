import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { crfLogLikelihood } from '@mafjs/crf'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { randomBatch } from './batch'
import { gradientsOf } from './gradients'

test.each([[[6, 1, 3]], [[1, 1]]])(
  'wasm gives the values and gradients of cpu, lengths %j',
  async lengths => {
    registerGradients()
    const measure = async (backend: string): Promise<number[]> => {
      await tf.setBackend(backend)
      expect(tf.getBackend()).toBe(backend)
      const { tensors } = randomBatch({ lengths, labels: 4, seed: 10 })
      const values = crfLogLikelihood(tensors).arraySync()
      return [...values, ...Object.values(gradientsOf(tensors)).flat(3)]
    }
    const expected = await measure('cpu')
    const actual = await measure('wasm')
    expect(actual).toHaveLength(expected.length)
    for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 4)
  },
)

import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { createLattice, crfLogLikelihood, crfLogPartition } from '@mafjs/crf'
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

test('of a model that is sure, the gradient of the transitions keeps its digits in sums of float32', async () => {
  registerGradients()
  await tf.setBackend('wasm') // cpu sums in float64.
  const labels = 3
  const lengths = Array.from({ length: 64 }, (_, i) => 20 + (i % 11))
  const { tensors } = randomBatch({ lengths, labels, seed: 12 })
  const sure = tf.mul(tf.oneHot(tensors.labels, labels), 12)
  const inputs = { ...tensors, emissions: tf.add(tensors.emissions, sure) as tf.Tensor3D }

  // The expected counts are the derivative of the log partition function, taken in float64.
  const numbers = (x: tf.Tensor): Float64Array => Float64Array.from(x.dataSync())
  const transitions = numbers(inputs.transitions)
  const others = {
    emissions: numbers(inputs.emissions),
    mask: numbers(inputs.mask),
    start: numbers(inputs.start),
    end: numbers(inputs.end),
    positions: Math.max(...lengths),
  }
  const summedPartitions = (place: number, step: number): number => {
    const moved = transitions.map((score, i) => (i === place ? score + step : score))
    const lattice = createLattice({ ...others, transitions: moved })
    return crfLogPartition(lattice).reduce((sum, value) => sum + value, 0)
  }
  const step = 1e-3
  const exact = Array.from(
    transitions,
    (_, place) => (summedPartitions(place, step) - summedPartitions(place, -step)) / (2 * step),
  )
  const paths = inputs.labels.arraySync()
  for (const [sentence, length] of lengths.entries()) {
    for (let t = 1; t < length; t++) exact[paths[sentence]![t - 1]! * labels + paths[sentence]![t]!]! -= 1
  }
  const largest = Math.max(...exact.map(Math.abs))
  const errors = gradientsOf(inputs)
    .transitions.flat()
    .map((value, i) => Math.abs(value - exact[i]!) / largest)
  expect(Math.max(...errors)).toBeLessThan(1e-5)
})

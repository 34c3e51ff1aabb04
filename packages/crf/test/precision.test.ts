import '@tensorflow/tfjs-backend-cpu'
import { crfLogLikelihood, crfLogPartition, crfMarginals, readLattice } from '@mafjs/crf'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { numbersOf, randomBatch, scoreOf } from './batch'
import { gradientsOf } from './gradients'

registerGradients()
await tf.setBackend('cpu')

const upTo = (length: number): number[] => Array.from({ length: length + 1 }, (_, i) => i)
interface Case {
  positions: number
  labels: number
  lengths: number[]
  emission?: number
  transition?: number
}
const long: Case = { positions: 150, labels: 9, lengths: [150, 149, 75, 2] }

describe('float32 against the sums in double precision', () => {
  test.each<[string, Case]>([
    ['one position', { positions: 1, labels: 3, lengths: upTo(1) }],
    ['two positions', { positions: 2, labels: 3, lengths: upTo(2) }],
    ['one label', { positions: 7, labels: 1, lengths: upTo(7) }],
    ['every length, odd', { positions: 7, labels: 4, lengths: upTo(7) }],
    ['every length, even', { positions: 8, labels: 4, lengths: upTo(8) }],
    ['long sentences', long],
    ['emissions that share a large part', { ...long, emission: 1e5 }],
    ['transitions that share a large part', { ...long, transition: 1e4 }],
  ])('%s', async (_, { emission = 0, transition = 0, ...sizes }) => {
    const { tensors } = randomBatch({ ...sizes, seed: 11 })
    const inputs = {
      ...tensors,
      emissions: tf.add(tensors.emissions, emission) as tf.Tensor3D,
      transitions: tf.add(tensors.transitions, transition) as tf.Tensor2D,
    }
    const lattice = await readLattice(inputs)
    const partitions = crfLogPartition(lattice)
    const marginals = crfMarginals(lattice)
    const numbers = numbersOf(inputs, sizes.lengths)
    const values = crfLogLikelihood(inputs).arraySync()
    const { emissions: gradients } = gradientsOf(inputs)
    for (const [sentence, length] of sizes.lengths.entries()) {
      const path = numbers.labels[sentence]!.slice(0, length)
      const value = scoreOf(numbers, sentence, path) - partitions[sentence]!
      expect(Math.abs(values[sentence]! - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value))
      for (const [t, row] of gradients[sentence]!.entries()) {
        for (const [label, gradient] of row.entries()) {
          // The loss is minus the likelihood; padding has no gradient at all.
          const exact = t < length ? marginals[sentence]![t]![label]! - Number(path[t] === label) : 0
          expect(Math.abs(gradient - exact)).toBeLessThanOrEqual(t < length ? 1e-5 : 0)
        }
      }
    }
  })
})

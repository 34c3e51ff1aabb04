import { maskFromLengths, normal } from '@mafjs/tensor'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { templateName } from '../src'

await tf.setBackend('cpu')

it('equals the formula, written as loops over plain numbers', () => {
  const [positions, hidden, lengths] = [3, 2, [3, 1, 0]]
  const states = normal(lengths.length * positions * hidden, { seed: 1, site: 'states' })
  const weight = [1, -2, 0.5, 3]
  const bias = [0.25, -1]
  const { summary } = templateName({
    states: tf.tensor3d(states, [lengths.length, positions, hidden]),
    mask: maskFromLengths(lengths, positions),
    weight: tf.tensor2d(weight, [hidden, hidden]),
    bias: tf.tensor1d(bias),
  })
  const expected = lengths.flatMap((length, row) => {
    if (length === 0) return [0, 0]
    const mean = [0, 0]
    for (let i = 0; i < length * hidden; i++)
      mean[i % hidden]! += states[row * positions * hidden + i]! / length
    return bias.map(
      (shift, out) => shift + weight[out * hidden]! * mean[0]! + weight[out * hidden + 1]! * mean[1]!,
    )
  })
  for (const [i, value] of summary.dataSync().entries()) expect(value).toBeCloseTo(expected[i]!, 5)
})

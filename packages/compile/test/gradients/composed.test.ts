import { normal, valueAndGradients } from '@mafjs/tensor'
import { composeModule, createLinear, crossEntropy, maskedMean } from '@mafjs/tensor/compose'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { expect, it } from 'vitest'
import { compileGradients } from '../../src'
import { QUIET } from '../compile/compare'

interface Inputs {
  states: tf.Tensor3D
  mask: tf.Tensor2D
  labels: tf.Tensor1D
}

it('a classifier that is composed of parts has the gradients that it has without being compiled', async () => {
  await tf.setBackend('cpu')
  registerGradients()
  const model = composeModule(
    {
      first: createLinear({ inFeatures: 3, outFeatures: 4, seed: 1 }),
      head: createLinear({ inFeatures: 4, outFeatures: 2, seed: 2 }),
    },
    ({ first, head }, { states, mask }: Inputs) => ({
      logits: head.apply(maskedMean(tf.relu(first.apply(states)) as tf.Tensor3D, mask)),
    }),
  )
  const inputs: Inputs = {
    states: tf.tensor3d(normal(24, { seed: 1, site: 'x' }), [2, 4, 3]),
    mask: tf.tensor2d([1, 1, 0, 0, 1, 1, 1, 1], [2, 4]),
    labels: tf.tensor1d([1, 0], 'int32'),
  }
  const loss = (given: Inputs): tf.Scalar => crossEntropy(model.apply(given).logits, given.labels)
  const expected = valueAndGradients(() => loss(inputs), model.parameters())
  const compiled = compileGradients(loss, model.parameters(), QUIET)
  const { gradients, losses } = await compiled(inputs)
  expect(losses['total']).toBeCloseTo(expected.value.dataSync()[0]!, 6)
  expect(Object.keys(gradients)).toEqual(Object.keys(expected.gradients))
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    for (const [i, number] of gradient.dataSync().entries()) {
      expect(gradients[name]!.dataSync()[i]).toBeCloseTo(number, 6)
    }
  }
  await compiled.dispose()
  model.dispose()
})

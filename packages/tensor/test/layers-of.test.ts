import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, expectTypeOf, test } from 'vitest'
import { constant, createParameters, layerNormSpecs, layersOf, linearSpecs, type Parameters } from '../src'

const [size, initializer] = [2, constant(1)]
const parameters = createParameters(
  {
    ...linearSpecs('gamma', size, 3, initializer),
    ...layerNormSpecs('norm', size),
    table: { shape: [size, size], initializer },
  },
  1,
)
const layers = layersOf(parameters)
const x = tf.tensor2d([[1, 3]])

test('a layer is called by the name of its parameters', async () => {
  await tf.setBackend('cpu')
  expect([...layers.linear(x, 'gamma').dataSync()]).toEqual([4, 4, 4])
  expect([...layers.layerNorm(x, 'norm').dataSync()]).toEqual([-1, 1])
  expect(layers.layerNorm(x, 'norm', 3).dataSync()[1]).toBe(0.5) // variance 1
})

test('the compiler knows names and ranks: who errs is told by it, and by the layer', () => {
  expectTypeOf(parameters.table).toEqualTypeOf<tf.Variable<tf.Rank.R2>>()
  expectTypeOf(parameters['gamma.bias']).toEqualTypeOf<tf.Variable<tf.Rank.R1>>()
  // @ts-expect-error no parameter has that name
  expect(parameters['beta.weight']).toBeUndefined()
  // @ts-expect-error no layer has that name
  expect(() => layers.linear(x, 'beta')).toThrow(/parameters must hold beta.weight. Received: gamma.weight/)
  // @ts-expect-error the other kind of layer
  expect(() => layers.linear(x, 'norm')).toThrow()
  // @ts-expect-error the other kind of layer
  expect(() => layers.layerNorm(x, 'gamma')).toThrow()
  // Names of parameters that were loaded are known when they are read.
  const loaded: Parameters = parameters
  expect(() => layersOf(loaded).linear(x, 'beta')).toThrow(/must hold beta.weight/)
})

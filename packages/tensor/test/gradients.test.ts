/** @vitest-environment-options { "processOf": "gradients" } */
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import { beforeAll, expect, test } from 'vitest'
import { draw } from './gradient-case'
import { gradientCases } from './gradient-cases'

const registered = registerGradients()
beforeAll(() => tf.setBackend('cpu'))

/** Central differences of `sum(f(x) * weights)` along a random direction, against the tape's gradient. */
test.each(gradientCases)('%s: the gradient is the slope', (_kernel, f, specs) => {
  tf.tidy(() => {
    const inputs = specs.map(([shape, low, high], i) => draw(shape, low, high, `input${i}`))
    const weights = draw(f(...inputs).shape, 0.5, 1.5, 'weights')
    const loss = (...x: Tensor[]): tf.Scalar => tf.sum(tf.mul(f(...x), weights)) as tf.Scalar
    const gradients = tf.grads(loss)(inputs)
    for (const [i, input] of inputs.entries()) {
      const direction = draw(input.shape, -1, 1, `direction${i}`)
      const at = (step: number): number => {
        const moved = inputs.map((x, j) => (j === i ? tf.add(x, tf.mul(direction, step)) : x))
        return loss(...moved).dataSync()[0]!
      }
      const step = 1e-2
      const slope = (at(step) - at(-step)) / (2 * step)
      const expected = tf.sum(tf.mul(gradients[i]!, direction)).dataSync()[0]!
      expect(Math.abs(slope - expected)).toBeLessThan(3e-3 * Math.max(1, Math.abs(expected)))
    }
  })
})

test('a split into one piece and an unstack of one row have gradients too', () => {
  const x = draw([1, 3], 0, 1)
  const once = tf.grad((y: Tensor) => tf.sum(tf.square(tf.unstack(y)[0]!)))(x)
  const whole = tf.grad((y: Tensor) => tf.sum(tf.square(tf.split(y, 1, 1)[0]!)))(x)
  const expected = [...x.dataSync()].map(value => Math.fround(2 * value))
  expect([...once.dataSync()]).toEqual(expected)
  expect([...whole.dataSync()]).toEqual(expected)
})

test('every gradient that is registered is checked above, and registering again changes nothing', () => {
  expect([...registered].sort()).toEqual([...new Set(gradientCases.map(([kernel]) => kernel))].sort())
  expect(registerGradients()).toEqual([])
})

/** @vitest-environment-options { "processOf": "refused" } */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { compileGradients } from '../../src/index'
import { QUIET, rejection } from '../compile/compare'
import { UNDIFFERENTIABLE } from './undifferentiable'

beforeAll(() => tf.setBackend('cpu'))

describe('what cannot be differentiated is refused with the place of the operation', () => {
  const refusal = async (f: (w: tf.Tensor) => tf.Tensor): Promise<Error> => {
    const w = tf.variable(tf.tensor1d([0.1, 0.4, 0.2, 0.3]))
    const error = await rejection(compileGradients(() => tf.sum(f(w)) as tf.Scalar, { w }, QUIET)({}))
    w.dispose()
    return error
  }
  /** The line of this file that the innermost frame of the program names. */
  const HERE = /Called from:\n(?: +at .*\n)*? +at .*refused\.test\.ts:\d+/

  it.each(Object.entries(UNDIFFERENTIABLE))('%s', async (kernel, f) => {
    const { name, message } = await refusal(f)
    expect(name).toBe('CompileError')
    expect(message).toContain(`The tfjs kernel ${kernel} has no gradient.`)
    expect(message).toMatch(HERE)
    expect(message).toMatch(/Use other operations, .* tf\.customGrad\.$/)
  })

  it.each<[string, (w: tf.Tensor) => tf.Tensor, string]>([
    [
      'a convolution with holes',
      w => tf.conv2d(tf.reshape(w, [1, 2, 2, 1]) as tf.Tensor4D, tf.ones([2, 2, 1, 1]), 1, 'same', 'NHWC', 2),
      'The gradient of the tfjs kernel Conv2D cannot be recorded: The gradient of tf.conv2d with dilations is not supported.',
    ],
    [
      'a gradient that reads numbers',
      w =>
        tf.customGrad(v => ({
          value: v as tf.Tensor,
          gradFunc: (dy: tf.Tensor) => tf.mul(dy, (v as tf.Tensor).dataSync()[0]!),
        }))(w),
      'dataSync read the value of the variable',
    ],
    [
      'a gradient within a gradient',
      w => tf.grad(v => tf.sum(tf.stridedSlice(v, [0], [4], [2])))(w),
      'The tfjs kernel StridedSlice has no gradient.',
    ],
  ])('%s', async (_, f, what) => {
    const { name, message } = await refusal(f)
    expect([name, message]).toEqual(['CompileError', expect.stringContaining(what)])
    expect(message).toMatch(HERE)
  })

  it('names the line itself', async () => {
    const here = new Error().stack!.split('\n')[1]!
    const { message } = await refusal(w => tf.topk(w, 2).values)
    const [, line] = /refused\.test\.ts:(\d+)/.exec(here)!
    expect(message).toContain(`refused.test.ts:${Number(line) + 1}:`)
  })

  it.each<[string, (w: tf.Variable) => tf.Scalar, boolean]>([
    ['a loss of constants', () => tf.scalar(2), true],
    ['a loss of what is not trained', w => tf.sum(w), false],
  ])('%s: no parameter is reached', async (_, f, trainable) => {
    const w = tf.variable(tf.tensor1d([1, 2]), trainable)
    const { message } = await rejection(compileGradients(() => f(w), { w }, QUIET)({}))
    w.dispose()
    expect(message).toBe(
      `loss must be computed from at least one trainable parameter. Received: none of ${Number(trainable)} that can be ` +
        'trained, of 1. Compute it inside the function from the parameters themselves, and leave one of them trainable.',
    )
  })
})

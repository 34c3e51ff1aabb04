import { compileGradients } from '@mafjs/compile'
import type { Parameters } from '@mafjs/tensor'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
// Brings tfjs's own gradients, which must change nothing.
import '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { loweredKernels } from '../../packages/compile/src/kernels/lower'
import { UNDIFFERENTIABLE } from '../../packages/compile/test/gradients/undifferentiable'
import { draw, type GradientCase } from '../../packages/tensor/test/gradient-case'
import { gradientCases } from '../../packages/tensor/test/gradient-cases'

beforeAll(() => tf.setBackend('cpu'))

type T4 = tf.Tensor4D

/** Operations that are one kernel for prediction, and others where they are differentiated. */
const FUSED: GradientCase[] = [
  [
    'FusedConv2D',
    (x, filter, bias) =>
      tf.fused.conv2d({ x: x as T4, filter: filter as T4, strides: 1, pad: 'same', bias, activation: 'elu' }),
    [
      [[1, 4, 4, 2], -1, 1],
      [[3, 3, 2, 2], -1, 1],
      [[2], -1, 1],
    ],
  ],
  [
    'FusedDepthwiseConv2D',
    (x, filter, bias) =>
      tf.fused.depthwiseConv2d({ x: x as T4, filter: filter as T4, strides: 1, pad: 'same', bias }),
    [
      [[1, 4, 4, 2], -1, 1],
      [[3, 3, 2, 1], -1, 1],
      [[2], -1, 1],
    ],
  ],
  [
    '_FusedMatMul',
    (a, b, bias) => tf.fused.matMul({ a, b, bias }),
    [
      [[2, 3], -1, 1],
      [[3, 2], -1, 1],
      [[2], -1, 1],
    ],
  ],
]

/** Kernels that make numbers from nothing. */
const SOURCES = ['Fill', 'LinSpace', 'Range']

/** A weighted sum, which tells every number of a result from the others. */
const lossOf = (result: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(result, draw(result.shape, 0.5, 1.5, 'weights'))) as tf.Scalar

describe('a compiled gradient is the slope that tfjs computes on its cpu backend', () => {
  it.each([...gradientCases, ...FUSED])('of %s', async (_, f, specs) => {
    const parameters: Parameters = Object.fromEntries(
      specs.map(([shape, low, high], i) => [`input${i}`, tf.variable(draw(shape, low, high, `input${i}`))]),
    )
    const variables = Object.values(parameters)
    const compiled = compileGradients(() => lossOf(f(...variables)), parameters, { threads: 1 })
    const { losses, gradients } = await compiled({})
    expect(losses['total']).toBeCloseTo(
      tf.tidy(() => lossOf(f(...variables)).dataSync()[0]!),
      4,
    )
    for (const [i, variable] of variables.entries()) {
      const direction = draw(variable.shape, -1, 1, `direction${i}`)
      const at = (step: number): number =>
        tf.tidy(() => {
          const moved = variables.map((v, j) => (i === j ? tf.add(v, tf.mul(direction, step)) : v))
          return lossOf(f(...moved)).dataSync()[0]!
        })
      const slope = (at(1e-2) - at(-1e-2)) / 2e-2
      const gradient = gradients[`input${i}`]!
      const along = tf.tidy(() => tf.sum(tf.mul(gradient, direction)).dataSync()[0]!)
      expect(Math.abs(slope - along)).toBeLessThan(3e-3 * Math.max(1, Math.abs(along)))
    }
    await compiled.dispose()
    tf.dispose([gradients, variables])
  })

  it('and every lowered kernel is tried above, makes numbers from nothing, or is refused by name', () => {
    const tried = [...gradientCases, ...FUSED].map(([kernel]) => kernel)
    const known = new Set([...tried, ...SOURCES, ...Object.keys(UNDIFFERENTIABLE)])
    expect(loweredKernels().filter(kernel => !known.has(kernel))).toEqual([])
  })
})

import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { uniform } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import { beforeAll, expect, test } from 'vitest'

const registered = registerGradients()
beforeAll(() => tf.setBackend('cpu'))

const draw = (shape: number[], low: number, high: number, site = 'x'): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tf.tensor(
    uniform(size, { seed: 3, site }).map(value => low + (high - low) * value),
    shape,
  )
}

type Case = [
  kernel: string,
  f: (...x: Tensor[]) => Tensor,
  inputs: [shape: number[], low: number, high: number][],
]
const unary = (kernel: string, f: (x: Tensor) => Tensor, low = 0.3, high = 0.9, shape = [2, 3]): Case => [
  kernel,
  f,
  [[shape, low, high]],
]
const binary = (kernel: string, f: (a: Tensor, b: Tensor) => Tensor): Case => [
  kernel,
  f,
  [
    [[2, 1, 3], 1.1, 1.9],
    [[4, 1], 0.2, 0.9],
  ],
]
/** Inputs whose quotient has the floor 1 everywhere, away from the jumps of Mod and FloorDiv. */
const SAME_QUOTIENT: Case[2] = [
  [[2, 3], 1.2, 1.8],
  [[2, 3], 0.95, 1.05],
]
const T4 = (x: Tensor): tf.Tensor4D => x as tf.Tensor4D
const zeroes = [
  'Ceil',
  'Floor',
  'Round',
  'Sign',
  'Step',
  'IsFinite',
  'IsInf',
  'IsNan',
  'ZerosLike',
  'OnesLike',
]
const comparisons = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'FloorDiv']

const cases: Case[] = [
  unary('Abs', tf.abs, -0.9, -0.2),
  unary('Acos', tf.acos),
  unary('Acosh', tf.acosh, 1.5, 2.5),
  unary('Asin', tf.asin),
  unary('Asinh', tf.asinh),
  unary('Atan', tf.atan),
  unary('Atanh', tf.atanh),
  unary('Cos', tf.cos),
  unary('Cosh', tf.cosh),
  unary('Erf', tf.erf, -1, 1),
  unary('Exp', tf.exp),
  unary('Expm1', tf.expm1),
  unary('Log', tf.log),
  unary('Log1p', tf.log1p),
  unary('Neg', tf.neg),
  unary('Reciprocal', tf.reciprocal),
  unary('Relu', tf.relu),
  unary('Relu6', x => tf.relu6(x), 5, 7),
  unary('Rsqrt', tf.rsqrt),
  unary('Selu', tf.selu, -1, 1),
  unary('Sigmoid', tf.sigmoid, -1, 1),
  unary('Sin', tf.sin),
  unary('Sinh', tf.sinh),
  unary('Softplus', tf.softplus, -1, 1),
  unary('Sqrt', tf.sqrt),
  unary('Square', tf.square),
  unary('Tan', tf.tan),
  unary('Tanh', tf.tanh),
  unary('Elu', tf.elu, -1, 1),
  unary('LeakyRelu', x => tf.leakyRelu(x, 0.3), -1, 1),
  unary('ClipByValue', x => tf.clipByValue(x, 0.4, 0.7)),
  unary('Cast', x => tf.cast(tf.square(x), 'float32')),
  unary('Identity', x => tf.clone(x)),
  binary('Add', tf.add),
  binary('Sub', tf.sub),
  binary('Multiply', tf.mul),
  binary('RealDiv', tf.div),
  binary('Maximum', (a, b) => tf.maximum(a, tf.add(b, 0.8))),
  binary('Minimum', (a, b) => tf.minimum(a, tf.add(b, 0.8))),
  binary('SquaredDifference', tf.squaredDifference),
  binary('Atan2', tf.atan2),
  binary('Pow', tf.pow),
  ['Mod', tf.mod, SAME_QUOTIENT],
  [
    'Prelu',
    (x, alpha) => tf.prelu(x, alpha),
    [
      [[2, 3], -1, 1],
      [[3], 0.2, 0.4],
    ],
  ],
  [
    'Select',
    (a, b) => tf.where(tf.tensor2d([1, 0, 0, 1], [2, 2], 'bool'), a, b),
    [
      [[2, 2], 0, 1],
      [[2, 2], 0, 1],
    ],
  ],
  unary('Sum', x => tf.sum(x, [0, 2]), -1, 1, [2, 3, 2]),
  unary('Mean', x => tf.mean(x, 1, true), -1, 1, [2, 3, 2]),
  unary('Max', x => tf.max(x, 1)),
  unary('Min', x => tf.min(x, 0)),
  unary('Prod', x => tf.prod(x, 1)),
  unary('Cumsum', x => tf.cumsum(x, 1, true)),
  unary('Softmax', x => tf.softmax(x), -1, 1),
  unary('LogSoftmax', x => tf.logSoftmax(x), -1, 1),
  unary('Reshape', x => tf.reshape(x, [3, 2])),
  unary('ExpandDims', x => tf.expandDims(x, 1)),
  unary('Transpose', x => tf.transpose(x, [2, 0, 1]), 0, 1, [2, 3, 4]),
  unary('Reverse', x => tf.reverse(x, 1)),
  unary('Tile', x => tf.tile(x, [2, 3])),
  unary('BroadcastTo', x => tf.broadcastTo(x, [4, 2, 3]), 0, 1, [2, 1]),
  unary('PadV2', x =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  ),
  unary('SplitV', x => tf.mul(...(tf.split(x, 2, 1) as [Tensor, Tensor])), 0, 1, [2, 4]),
  unary('Unpack', x => tf.mul(...(tf.unstack(x, 1) as [Tensor, Tensor])), 0, 1, [3, 2]),
  unary('Slice', x => tf.slice(x, [0, 1], [-1, 2])),
  [
    'Concat',
    (a, b) => tf.concat([a, b], -1),
    [
      [[2, 2], 0, 1],
      [[2, 3], 0, 1],
    ],
  ],
  [
    'Pack',
    (a, b) => tf.stack([a, b], 1),
    [
      [[2, 2], 0, 1],
      [[2, 2], 0, 1],
    ],
  ],
  unary(
    'GatherV2',
    x =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [2, 0],
            [2, 2],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    0,
    1,
    [2, 3, 2],
  ),
  unary('OneHot', x => tf.add(tf.sum(x), tf.oneHot(tf.cast(x, 'int32'), 3))),
  [
    'BatchMatMul',
    (a, b) => tf.matMul(a, b, true, true),
    [
      [[2, 3, 2], -1, 1],
      [[2, 4, 3], -1, 1],
    ],
  ],
  [
    'Conv2D',
    (x, w) => tf.conv2d(T4(x), T4(w), 2, 'same'),
    [
      [[1, 5, 5, 2], -1, 1],
      [[3, 3, 2, 2], -1, 1],
    ],
  ],
  [
    'DepthwiseConv2dNative',
    (x, w) => tf.depthwiseConv2d(T4(x), T4(w), 2, 'same'),
    [
      [[1, 5, 5, 2], -1, 1],
      [[3, 3, 2, 2], -1, 1],
    ],
  ],
  [
    'FusedBatchNorm',
    (x, mean, variance, offset, scale) =>
      tf.batchNorm(T4(x), mean as Tensor1D, variance as Tensor1D, offset as Tensor1D, scale as Tensor1D, 0.1),
    [
      [[2, 2, 3, 2], -1, 1],
      [[2], -0.5, 0.5],
      [[2], 0.5, 1.5],
      [[2], -0.5, 0.5],
      [[2], 0.5, 1.5],
    ],
  ],
  unary('MaxPool', x => tf.maxPool(T4(x), 2, 2, 'valid'), 0, 1, [1, 4, 4, 2]),
  unary('AvgPool', x => tf.avgPool(T4(x), 2, 2, 'valid'), 0, 1, [1, 4, 4, 2]),
  ...zeroes.map(kernel =>
    unary(kernel, x =>
      tf.add(tf.square(x), tf.cast(tf.engine().runKernel(kernel, { x }, { alpha: 0 }) as Tensor, 'float32')),
    ),
  ),
  ...comparisons.map(
    (kernel): Case => [
      kernel,
      (a, b) => tf.add(tf.mul(a, b), tf.cast(tf.engine().runKernel(kernel, { a, b }) as Tensor, 'float32')),
      SAME_QUOTIENT,
    ],
  ),
]

/** Central differences of `sum(f(x) * weights)` along a random direction, against the tape's gradient. */
test.each(cases)('%s: the gradient is the slope', (_kernel, f, specs) => {
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
  expect([...registered].sort()).toEqual(cases.map(([kernel]) => kernel).sort())
  expect(registerGradients()).toEqual([])
})

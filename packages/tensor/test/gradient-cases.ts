import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { binary, type GradientCase, unary } from './gradient-case'

/** Inputs whose quotient has the floor 1 everywhere, away from the jumps of Mod and FloorDiv. */
const SAME_QUOTIENT: GradientCase[2] = [
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
const isPositive = (x: Tensor): Tensor => tf.greater(x, 0.5)
const and = (a: Tensor, b: Tensor): Tensor =>
  tf.engine().runKernel('LogicalAnd', { a: isPositive(a), b: isPositive(b) })
const comparisons = ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'FloorDiv']

/** Every kernel whose gradient is registered. */
export const gradientCases: GradientCase[] = [
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
    'AddN',
    (a, b, c) => tf.square(tf.addN([a, b, c, a])),
    [
      [[2, 3], -1, 1],
      [[2, 3], -1, 1],
      [[2, 3], -1, 1],
    ],
  ],
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
  unary(
    'GatherV2',
    x => tf.gather(x, tf.tensor2d([3, 0, 3, 1, 1, 1], [2, 3], 'int32'), 2, 1),
    0,
    1,
    [2, 3, 4, 2],
  ),
  unary(
    'UnsortedSegmentSum',
    x => tf.square(tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, -1, 2, 3], 'int32'), 3)),
    0,
    1,
    [5, 2],
  ),
  ...(['reflect', 'symmetric'] as const).map(mode =>
    unary(
      'MirrorPad',
      x =>
        tf.square(
          tf.mirrorPad(
            x,
            [
              [1, 2],
              [0, 2],
              [2, 0],
            ],
            mode,
          ),
        ),
      -1,
      1,
      [3, 4, 3],
    ),
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
    'Conv2DBackpropInput',
    (x, w) => tf.conv2dTranspose(T4(x), T4(w), [1, 5, 6, 3], 2, 'same'),
    [
      [[1, 3, 3, 2], -1, 1],
      [[3, 2, 3, 2], -1, 1],
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
  ...[
    { size: [4, 9], alignCorners: false, halfPixelCenters: false },
    { size: [8, 3], alignCorners: true, halfPixelCenters: false },
    { size: [2, 7], alignCorners: false, halfPixelCenters: true },
  ].flatMap(how =>
    ['ResizeBilinear', 'ResizeNearestNeighbor'].map(kernel =>
      unary(
        kernel,
        x => tf.square(tf.engine().runKernel(kernel, { images: x }, how) as Tensor),
        0,
        1,
        [2, 5, 4, 2],
      ),
    ),
  ),
  unary('MaxPool', x => tf.maxPool(T4(x), 2, 2, 'valid'), 0, 1, [1, 4, 4, 2]),
  unary('AvgPool', x => tf.avgPool(T4(x), 2, 2, 'valid'), 0, 1, [1, 4, 4, 2]),
  ...zeroes.map(kernel =>
    unary(kernel, x =>
      tf.add(tf.square(x), tf.cast(tf.engine().runKernel(kernel, { x }, { alpha: 0 }) as Tensor, 'float32')),
    ),
  ),
  ...comparisons.map(
    (kernel): GradientCase => [
      kernel,
      (a, b) => tf.add(tf.mul(a, b), tf.cast(tf.engine().runKernel(kernel, { a, b }) as Tensor, 'float32')),
      SAME_QUOTIENT,
    ],
  ),
  ...['ArgMax', 'ArgMin', 'All', 'Any'].map(kernel =>
    unary(kernel, x => {
      const given = kernel.startsWith('Arg') ? x : isPositive(x)
      const attributes = kernel.startsWith('Arg') ? { axis: 1 } : { axis: [1] }
      const found = tf.engine().runKernel(kernel, { x: given }, attributes) as Tensor
      return tf.add(tf.square(x), tf.reshape(tf.cast(found, 'float32'), [2, 1]))
    }),
  ),
  unary('LogicalNot', x => tf.where(tf.logicalNot(isPositive(x)), tf.square(x), x)),
  binary('LogicalAnd', (a, b) => tf.add(tf.mul(a, b), tf.cast(and(a, b), 'float32'))),
  binary('LogicalOr', (a, b) =>
    tf.add(tf.mul(a, b), tf.cast(tf.logicalOr(isPositive(a), isPositive(b)), 'float32')),
  ),
  binary('BitwiseAnd', (a, b) =>
    tf.add(
      tf.mul(a, b),
      tf.cast(
        tf.engine().runKernel('BitwiseAnd', { a: tf.cast(a, 'int32'), b: tf.cast(b, 'int32') }) as Tensor,
        'float32',
      ),
    ),
  ),
]

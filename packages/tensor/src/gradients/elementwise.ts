import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { binaryGradient, unaryGradient, unbroadcast, zeroGradient } from './gradient'

const where = (condition: Tensor): Tensor => tf.cast(condition, 'float32')
const times = (kernel: string, derivative: (x: Tensor) => Tensor): GradConfig =>
  unaryGradient(kernel, (dy, [x]) => tf.mul(dy, derivative(x!)))
/** Where the derivative is simplest in terms of the output. */
const timesOfOutput = (kernel: string, derivative: (y: Tensor) => Tensor): GradConfig =>
  unaryGradient(kernel, (dy, [y]) => tf.mul(dy, derivative(y!)), { save: 'output' })

const SELU_SCALE = 1.0507009873554805
const SELU_ALPHA = 1.6732632423543772

const unary: GradConfig[] = [
  times('Abs', x => tf.sign(x)),
  times('Acos', x => tf.neg(tf.rsqrt(tf.sub(1, tf.square(x))))),
  times('Acosh', x => tf.rsqrt(tf.sub(tf.square(x), 1))),
  times('Asin', x => tf.rsqrt(tf.sub(1, tf.square(x)))),
  times('Asinh', x => tf.rsqrt(tf.add(tf.square(x), 1))),
  times('Atan', x => tf.reciprocal(tf.add(tf.square(x), 1))),
  times('Atanh', x => tf.reciprocal(tf.sub(1, tf.square(x)))),
  times('Cos', x => tf.neg(tf.sin(x))),
  times('Cosh', x => tf.sinh(x)),
  times('Erf', x => tf.mul(tf.exp(tf.neg(tf.square(x))), 2 / Math.sqrt(Math.PI))),
  timesOfOutput('Exp', y => y),
  times('Expm1', x => tf.exp(x)),
  times('Log', x => tf.reciprocal(x)),
  times('Log1p', x => tf.reciprocal(tf.add(x, 1))),
  unaryGradient('Neg', dy => tf.neg(dy), { save: 'nothing' }),
  times('Reciprocal', x => tf.neg(tf.reciprocal(tf.square(x)))),
  times('Relu', x => tf.step(x)),
  times('Relu6', x => tf.mul(tf.step(x), where(tf.less(x, 6)))),
  times('Rsqrt', x => tf.mul(-0.5, tf.div(tf.rsqrt(x), x))),
  times('Selu', x =>
    tf.mul(
      SELU_SCALE,
      tf.add(where(tf.greater(x, 0)), tf.mul(where(tf.lessEqual(x, 0)), tf.mul(SELU_ALPHA, tf.exp(x)))),
    ),
  ),
  timesOfOutput('Sigmoid', y => tf.mul(y, tf.sub(1, y))),
  times('Sin', x => tf.cos(x)),
  times('Sinh', x => tf.cosh(x)),
  times('Softplus', x => tf.sigmoid(x)),
  times('Sqrt', x => tf.mul(0.5, tf.rsqrt(x))),
  times('Square', x => tf.mul(2, x)),
  times('Tan', x => tf.reciprocal(tf.square(tf.cos(x)))),
  timesOfOutput('Tanh', y => tf.sub(1, tf.square(y))),
  timesOfOutput('Elu', y => tf.add(where(tf.greater(y, 0)), tf.mul(where(tf.lessEqual(y, 0)), tf.add(y, 1)))),
  unaryGradient('LeakyRelu', (dy, [x], { alpha }) =>
    tf.mul(dy, tf.add(where(tf.greater(x!, 0)), tf.mul(where(tf.lessEqual(x!, 0)), alpha as number))),
  ),
  unaryGradient('ClipByValue', (dy, [x], { clipValueMin, clipValueMax }) => {
    const inside = tf.logicalAnd(
      tf.greaterEqual(x!, clipValueMin as number),
      tf.lessEqual(x!, clipValueMax as number),
    )
    return tf.mul(dy, where(inside))
  }),
  unaryGradient('Cast', dy => tf.cast(dy, 'float32'), { save: 'nothing' }),
  unaryGradient('Identity', dy => tf.cast(dy, 'float32'), { save: 'nothing' }),
]

const binary: GradConfig[] = [
  binaryGradient(
    'Add',
    dy => dy,
    dy => dy,
  ),
  binaryGradient(
    'Sub',
    dy => dy,
    dy => tf.neg(dy),
  ),
  binaryGradient(
    'Multiply',
    (dy, _a, b) => tf.mul(dy, tf.cast(b, 'float32')),
    (dy, a) => tf.mul(dy, tf.cast(a, 'float32')),
  ),
  binaryGradient(
    'RealDiv',
    (dy, _a, b) => tf.div(dy, tf.cast(b, 'float32')),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  ),
  binaryGradient(
    'Maximum',
    (dy, a, b) => tf.mul(dy, where(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, where(tf.less(a, b))),
  ),
  binaryGradient(
    'Minimum',
    (dy, a, b) => tf.mul(dy, where(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, where(tf.greater(a, b))),
  ),
  binaryGradient(
    'SquaredDifference',
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  ),
  binaryGradient(
    'Atan2',
    (dy, a, b) => tf.div(tf.mul(dy, b), tf.add(tf.square(a), tf.square(b))),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.add(tf.square(a), tf.square(b)))),
  ),
  binaryGradient(
    'Pow',
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    // log of a base that is not positive has no value; its exponent's gradient is taken as 0.
    (dy, a, b) => {
      const positive = tf.greater(a, 0)
      const logarithm = tf.log(tf.where(positive, a, tf.onesLike(a)))
      return tf.mul(dy, tf.mul(tf.pow(a, b), logarithm))
    },
  ),
  binaryGradient(
    'Mod',
    dy => dy,
    (dy, a, b) => tf.mul(dy, tf.neg(tf.floor(tf.div(a, b)))),
  ),
]

const others: GradConfig[] = [
  {
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, saved) =>
      Object.fromEntries(saved.map((_, i) => [i, () => tf.cast(dy as Tensor, 'float32')])),
  },
  {
    kernelName: 'Prelu',
    inputsToSave: ['x', 'alpha'],
    gradFunc: (dy, saved) => {
      const [x, alpha] = saved as [Tensor, Tensor]
      const negative = where(tf.lessEqual(x, 0))
      const slope = tf.add(tf.sub(1, negative), tf.mul(negative, alpha))
      return {
        x: () => tf.mul(dy as Tensor, slope),
        alpha: () => unbroadcast(tf.mul(dy as Tensor, tf.mul(negative, x)), alpha.shape),
      }
    },
  },
  {
    kernelName: 'Select',
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const chosen = where(saved[0]!)
      return {
        condition: () => tf.zeros(chosen.shape),
        t: () => tf.mul(dy as Tensor, chosen),
        e: () => tf.mul(dy as Tensor, tf.sub(1, chosen)),
      }
    },
  },
]

const flat: GradConfig[] = [
  ...['Ceil', 'Floor', 'Round', 'Sign', 'Step', 'IsFinite', 'IsInf', 'IsNan', 'ZerosLike', 'OnesLike'].map(
    kernel => zeroGradient(kernel, ['x']),
  ),
  ...['ArgMax', 'ArgMin', 'All', 'Any', 'LogicalNot'].map(kernel => zeroGradient(kernel, ['x'])),
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'FloorDiv'].map(kernel =>
    zeroGradient(kernel, ['a', 'b']),
  ),
  ...['LogicalAnd', 'LogicalOr', 'BitwiseAnd'].map(kernel => zeroGradient(kernel, ['a', 'b'])),
]

/** The gradients of kernels that act value by value. */
export const elementwiseGradients: readonly GradConfig[] = [...unary, ...binary, ...others, ...flat]

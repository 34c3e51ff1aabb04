import type { ElementType } from '../graph/element-types'
import { scalar } from '../graph/nodes'
import { add, binary, cast, div, elementwise, mul, sub, unary, where } from '../graph/operators'
import type { Value } from '../graph/value'
import { lower } from './lower'

/** Floats as they are, anything else converted: what tfjs computes in floats. */
export const toFloat = (x: Value): Value => cast(x, 'float32')

/** Two operands of one type, arithmetic on which ONNX knows; a sum of booleans counts. */
function numbers(x: Value): Value {
  return x.type === 'bool' ? cast(x, 'int32') : x
}

// Of booleans tfjs makes bytes that it calls booleans; here they are counted.
lower('Add', ({ a, b }) => add(numbers(a!), numbers(b!)))
lower('Sub', ({ a, b }) => sub(numbers(a!), numbers(b!)))
lower('Multiply', ({ a, b }) => (a!.type === 'bool' ? binary('And', a!, b!) : mul(a!, b!)))
lower('RealDiv', ({ a, b }) => div(toFloat(a!), toFloat(b!)))
lower('Maximum', ({ a, b }) => binary('Max', numbers(a!), numbers(b!)))
lower('Minimum', ({ a, b }) => binary('Min', numbers(a!), numbers(b!)))
lower('Pow', ({ a, b }) => binary('Pow', a!, b!))
lower('SquaredDifference', ({ a, b }) => {
  const difference = sub(numbers(a!), numbers(b!))
  return mul(difference, difference)
})
lower('FloorDiv', ({ a, b }) => cast(unary('Floor', div(toFloat(a!), toFloat(b!))), 'int32'))
lower('Mod', ({ a, b }) => {
  const [x, y] = [toFloat(a!), toFloat(b!)]
  return cast(sub(x, mul(unary('Floor', div(x, y)), y)), a!.type)
})
lower('AddN', inputs => {
  const parts = Object.values(inputs)
  const { type } = numbers(parts[0]!)
  if (parts.length === 1) return parts[0]!
  return type === 'float32' ? elementwise('Sum', parts, type) : parts.map(numbers).reduce(add)
})
lower('Atan2', ({ a, b }) => {
  const [y, x] = [toFloat(a!), toFloat(b!)]
  const angle = unary('Atan', div(y, x))
  const zero = scalar(0)
  const halfTurn = where(binary('Less', y, zero, 'bool'), scalar(-Math.PI), scalar(Math.PI))
  const behind = where(binary('Less', x, zero, 'bool'), add(angle, halfTurn), angle)
  const bothZero = elementwise(
    'And',
    [binary('Equal', x, zero, 'bool'), binary('Equal', y, zero, 'bool')],
    'bool',
  )
  return where(bothZero, zero, behind)
})

/** Kernels that are one ONNX operator on floats. */
const FLOAT_OPERATORS = {
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Tanh: 'Tanh',
  Sigmoid: 'Sigmoid',
  Erf: 'Erf',
  Sin: 'Sin',
  Cos: 'Cos',
  Tan: 'Tan',
  Asin: 'Asin',
  Acos: 'Acos',
  Atan: 'Atan',
  Sinh: 'Sinh',
  Cosh: 'Cosh',
  Asinh: 'Asinh',
  Acosh: 'Acosh',
  Atanh: 'Atanh',
  Softplus: 'Softplus',
  Reciprocal: 'Reciprocal',
  Elu: 'Elu',
} as const
for (const [kernel, op] of Object.entries(FLOAT_OPERATORS)) lower(kernel, ({ x }) => unary(op, toFloat(x!)))

/** Kernels that are one ONNX operator and keep the type; on whole numbers the roundings are nothing. */
for (const kernel of ['Floor', 'Ceil', 'Round']) {
  lower(kernel, ({ x }) => (x!.type === 'float32' ? unary(kernel, x!) : x!))
}
for (const kernel of ['Abs', 'Neg']) lower(kernel, ({ x }) => unary(kernel, numbers(x!)))
// The sign of NaN is 0 in tfjs.
lower('Sign', ({ x }) => {
  const sign = unary('Sign', numbers(x!))
  return x!.type === 'float32' ? where(unary('IsNaN', x!, 'bool'), scalar(0), sign) : sign
})

/** What became of values that went through Relu: their step is the same, so that they need not be kept for it. */
const rectified = new WeakMap<Value, Value>()

lower('Relu', ({ x }) => {
  if (x!.type !== 'float32') return binary('Max', x!, scalar(0, x!.type))
  const y = unary('Relu', x!)
  rectified.set(x!, y)
  return y
})
lower('Relu6', ({ x }) => clip(x!, 0, 6))
lower<{ alpha: number }>('LeakyRelu', ({ x }, { alpha }) =>
  unary('LeakyRelu', toFloat(x!), 'float32', { alpha: { float: alpha } }),
)
lower('Prelu', ({ x, alpha }) => {
  const value = toFloat(x!)
  return where(binary('Less', value, scalar(0), 'bool'), mul(value, toFloat(alpha!)), value)
})
// Klambauer et al. 2017; ONNX Runtime's own defaults are these two numbers in single precision.
lower('Selu', ({ x }) =>
  unary('Selu', toFloat(x!), 'float32', {
    alpha: { float: 1.6732632423543772 },
    gamma: { float: 1.0507009873554805 },
  }),
)
lower<{ clipValueMin: number; clipValueMax: number }>(
  'ClipByValue',
  ({ x }, { clipValueMin, clipValueMax }) => clip(x!, clipValueMin, clipValueMax),
)
lower('Rsqrt', ({ x }) => unary('Reciprocal', unary('Sqrt', toFloat(x!))))
lower('Square', ({ x }) => mul(x!, x!))
// Near zero the plain logarithm of 1 + x has lost the digits of x.
lower('Log1p', ({ x }) => {
  const value = toFloat(x!)
  const nearZero = binary('Less', unary('Abs', value), scalar(1e-4), 'bool')
  const series = sub(value, mul(mul(value, value), scalar(0.5)))
  return where(nearZero, series, unary('Log', add(value, scalar(1))))
})
// tanh(x / 2) (e^x + 1) is e^x - 1 without the cancellation near zero.
lower('Expm1', ({ x }) => {
  const value = toFloat(x!)
  return mul(unary('Tanh', mul(value, scalar(0.5))), add(unary('Exp', value), scalar(1)))
})
/** Takes the smallest float above 0 that is not denormal past 1. */
const STEEP = 3e38

lower<{ alpha?: number }>('Step', ({ x }, { alpha = 0 }) => {
  const value = toFloat(rectified.get(x!) ?? x!)
  // A steep ramp cut off at 0 and 1 is the step in a single pass, and NaN stays.
  const stepped = unary('HardSigmoid', value, 'float32', { alpha: { float: STEEP }, beta: { float: 0 } })
  return cast(alpha === 0 ? stepped : add(mul(stepped, scalar(1 - alpha)), scalar(alpha)), x!.type)
})
lower('EluGrad', ({ dy, y }) =>
  mul(dy!, where(binary('Less', y!, scalar(0), 'bool'), add(y!, scalar(1)), scalar(1))),
)

/** Limits to `[low, high]`. */
export function clip(x: Value, low: number, high: number): Value {
  return binary('Min', binary('Max', x, scalar(low, x.type)), scalar(high, x.type))
}

lower<{ dtype: ElementType }>('Cast', ({ x }, { dtype }) => {
  // tfjs truncates to whole numbers as ONNX does, and NaN is true as in JavaScript's comparison with zero.
  return cast(x!, dtype)
})
lower('Identity', ({ x }) => x!)

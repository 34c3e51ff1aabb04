import type { KernelCase, KernelCases } from '../kernel-case'
import { bools, floats, given, givenInts, ints, oddities, type Sample } from '../sample'

const on = (x: Sample, attributes?: KernelCase['attributes']): KernelCase => ({ inputs: { x }, attributes })
const both = (a: Sample, b: Sample): KernelCase => ({ inputs: { a, b } })

/** A function of floats within its domain, at odd numbers, on whole numbers, on nothing and without axes. */
const unary = (low: number, high: number, attributes?: KernelCase['attributes']): KernelCase[] => [
  on(floats([3, 4], low, high), attributes),
  on(oddities, attributes),
  on(floats([], low, high), attributes),
  on(floats([2, 0], low, high), attributes),
]
const whole = (attributes?: KernelCase['attributes']): KernelCase => on(ints([2, 3]), attributes)

/** Operands of the same shape, under broadcasting up to six axes, with none, and with nothing. */
const broadcast = [
  both(floats([2, 3]), floats([2, 3])),
  both(floats([2, 1, 3, 1, 2, 1]), floats([4, 1, 2, 1, 3])),
  both(floats([]), floats([3])),
  both(floats([0, 3]), floats([1, 3])),
]
const wholeBroadcast = both(ints([2, 1, 3]), ints([4, 1]))
const odd = both(oddities, given(oddities.values, [7, 1]))

/** Kernels that work on number after number. */
export const elementwiseCases: KernelCases = {
  Add: [...broadcast, wholeBroadcast, odd],
  Sub: [...broadcast, wholeBroadcast, odd],
  Multiply: [...broadcast, wholeBroadcast, both(bools([2, 3]), bools([3])), odd],
  RealDiv: [...broadcast, odd],
  Maximum: [...broadcast, both(ints([2, 1]), ints([3])), odd],
  Minimum: [...broadcast, both(ints([2, 1]), ints([3])), odd],
  SquaredDifference: [...broadcast, both(ints([2, 1]), ints([3]))],
  Pow: [both(floats([2, 3], 0.1, 2), floats([3])), both(ints([4], 1, 4), givenInts([0, 1, 2, 3]))],
  FloorDiv: [
    both(floats([2, 3], -9, 9), floats([3], 0.5, 3)),
    both(ints([2, 5]), givenInts([-3, -2, 1, 2, 3])),
  ],
  Mod: [both(floats([2, 3], -9, 9), floats([3], 0.5, 3)), both(ints([2, 5]), givenInts([-3, -2, 1, 2, 3]))],
  Atan2: [both(floats([3, 4]), floats([4])), both(given([0, 0, 1, -1, 0]), given([0, 1, 0, 0, -1]))],
  AddN: [{ inputs: [floats([2, 3]), floats([2, 3]), floats([2, 3])] }, { inputs: [ints([4]), ints([4])] }],
  Exp: [...unary(-3, 3)],
  Expm1: [...unary(-3, 3), on(floats([5], -1e-4, 1e-4))],
  Log: [...unary(0.1, 5)],
  Log1p: [...unary(-0.9, 5), on(floats([5], -1e-5, 1e-5))],
  Sqrt: [...unary(0, 5)],
  Rsqrt: [...unary(0.1, 5)],
  Square: [...unary(-3, 3), whole()],
  Reciprocal: [...unary(0.2, 3)],
  Tanh: [...unary(-3, 3)],
  Sigmoid: [...unary(-6, 6)],
  Softplus: [...unary(-6, 6)],
  Erf: [on(floats([3, 4])), on(floats([2, 0]))],
  Sin: [...unary(-3, 3)],
  Cos: [...unary(-3, 3)],
  Tan: [...unary(-1, 1)],
  Asin: [...unary(-1, 1)],
  Acos: [...unary(-1, 1)],
  Atan: [...unary(-3, 3)],
  Sinh: [...unary(-2, 2)],
  Cosh: [...unary(-2, 2)],
  Asinh: [on(floats([3, 4]))],
  Acosh: [...unary(1.1, 5)],
  Atanh: [...unary(-0.9, 0.9)],
  Abs: [...unary(-3, 3), whole()],
  Neg: [...unary(-3, 3), whole()],
  Sign: [...unary(-3, 3), whole()],
  Floor: [...unary(-3, 3), whole()],
  Ceil: [...unary(-3, 3), whole()],
  Round: [...unary(-3, 3), on(given([-1.5, -0.5, 0.5, 1.5, 2.5])), whole()],
  Relu: [...unary(-3, 3), whole()],
  Relu6: [...unary(-9, 9), whole()],
  Elu: [...unary(-3, 3)],
  Selu: [...unary(-3, 3)],
  LeakyRelu: [...unary(-3, 3, { alpha: 0.3 }), whole({ alpha: 0.3 })],
  Prelu: [
    { inputs: { x: floats([2, 3, 4]), alpha: floats([4]) } },
    { inputs: { x: ints([4]), alpha: floats([4]) } },
  ],
  Step: [
    ...unary(-3, 3, { alpha: 0 }),
    on(floats([6], -3, 3), { alpha: 0.2 }),
    on(given([1e-30, -1e-30, 0]), { alpha: 0 }),
    whole({ alpha: 0 }),
  ],
  ClipByValue: [
    ...unary(-3, 3, { clipValueMin: -1, clipValueMax: 0.5 }),
    whole({ clipValueMin: -2, clipValueMax: 3 }),
  ],
  EluGrad: [{ inputs: { dy: floats([3, 4]), y: floats([3, 4], -0.9, 3) } }],
  Cast: [
    on(floats([6], -3, 3), { dtype: 'int32' }),
    on(given([-0.5, 0, 0.5, 3]), { dtype: 'bool' }),
    on(ints([6], -1, 1), { dtype: 'bool' }),
    on(bools([6]), { dtype: 'float32' }),
    on(ints([2, 3]), { dtype: 'float32' }),
  ],
  Identity: [on(floats([2, 3])), on(ints([4])), on(bools([4])), on(floats([0]))],
}

import type { KernelCase, KernelCases } from '../kernel-case'
import { bools, floats, given, ints, oddities, type Sample } from '../sample'

const along = (x: Sample, axis?: number | number[], keepDims?: boolean): KernelCase => ({
  inputs: { x },
  attributes: { axis, keepDims },
})
const axes = [
  along(floats([2, 3, 4]), [0]),
  along(floats([2, 3, 4]), [0, 2], true),
  along(floats([2, 3, 4]), [-1]),
  along(floats([2, 3, 4])),
  along(floats([]), []),
  along(floats([1, 3, 1]), [0, 2]),
]
const whole = along(ints([2, 3, 4]), [1])
const truths = [along(bools([2, 3]), [1]), along(bools([2, 3])), along(bools([2, 3]), [0], true)]
const places = [
  along(floats([2, 3, 4]), 1),
  along(ints([2, 5]), 1),
  along(given([...oddities.values].reverse()), 0),
  along(given([1, 3, 3, 1]), 0),
]
// The greatest and the least are asked for by another name.
const extremes = [...axes, whole].map(({ inputs, attributes }) => ({
  inputs,
  attributes: { ...attributes, reductionIndices: attributes!['axis'] },
}))

/** Kernels that reduce axes or run along one. */
export const reductionCases: KernelCases = {
  Sum: [...axes, whole, along(bools([2, 3]), [0]), along(floats([0, 3]), [0])],
  Prod: [...axes, whole, along(bools([2, 3]), [0])],
  Mean: axes,
  Max: extremes,
  Min: extremes,
  All: truths,
  Any: truths,
  ArgMax: places,
  ArgMin: places,
  Cumsum: [
    [0, false, false],
    [1, true, false],
    [2, false, true],
    [1, true, true],
  ].flatMap(([axis, exclusive, reverse]) =>
    [floats([2, 3, 4]), ints([2, 3, 4])].map(x => ({
      inputs: { x },
      attributes: { axis, exclusive, reverse },
    })),
  ),
  Softmax: [
    { inputs: { logits: floats([3, 5], -9, 9) }, attributes: { dim: -1 } },
    { inputs: { logits: floats([2, 3, 4]) }, attributes: { dim: 2 } },
    { inputs: { logits: floats([4]) }, attributes: { dim: 0 } },
  ],
}

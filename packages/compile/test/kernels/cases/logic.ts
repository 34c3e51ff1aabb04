import type { KernelCase, KernelCases } from '../kernel-case'
import { bools, floats, ints, oddities, type Sample } from '../sample'

const on = (x: Sample): KernelCase => ({ inputs: { x } })
const comparisons = [
  { a: floats([2, 3]), b: floats([2, 3]) },
  { a: ints([3, 1, 4], -1, 1), b: ints([2, 1], -1, 1) },
  { a: bools([5]), b: bools([5]) },
  { a: oddities, b: oddities },
].map(inputs => ({ inputs }))
const bytes = { a: ints([8], 0, 255), b: ints([8], 0, 255) }
const and = (a: Sample, b: Sample): Sample => ({
  ...a,
  values: a.values.map((value, i) => value & b.values[i]!),
})
const truths = [{ inputs: { a: bools([2, 3]), b: bools([3]) } }, { inputs: { a: bools([0]), b: bools([0]) } }]
const finiteness = [on(oddities), on(ints([3])), on(floats([]))]

/** Kernels about truth. */
export const logicCases: KernelCases = {
  Equal: comparisons,
  NotEqual: comparisons,
  Less: comparisons,
  LessEqual: comparisons,
  Greater: comparisons,
  GreaterEqual: comparisons,
  LogicalAnd: truths,
  LogicalOr: truths,
  LogicalNot: [on(bools([2, 3]))],
  BitwiseAnd: [{ inputs: bytes, oracle: () => and(bytes.a, bytes.b) }],
  IsNan: finiteness,
  IsInf: finiteness,
  IsFinite: finiteness,
  Select: [
    { inputs: { condition: bools([2, 3]), t: floats([2, 3]), e: floats([2, 3]) } },
    { inputs: { condition: bools([4]), t: ints([4]), e: ints([4]) } },
  ],
  ZerosLike: [on(floats([2, 3])), on(ints([3])), on(bools([3]))],
  OnesLike: [on(floats([2, 3])), on(ints([3])), on(bools([3]))],
}

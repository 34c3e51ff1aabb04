import type { KernelCases } from '../kernel-case'
import { floats, ints } from '../sample'

const transposes = [false, true].flatMap(transposeA =>
  [false, true].map(transposeB => ({ transposeA, transposeB })),
)
const shaped = (leading: readonly number[], rows: number, columns: number, transposed: boolean) =>
  floats([...leading, ...(transposed ? [columns, rows] : [rows, columns])])

/** Matrix products. */
export const matrixCases: KernelCases = {
  BatchMatMul: [
    ...transposes.flatMap(attributes =>
      [
        [[], []],
        [[1], [1]],
        [[2], [2]],
        [
          [2, 3],
          [1, 3],
        ],
        [[1], [4]],
      ].map(([left, right]) => ({
        inputs: {
          a: shaped(left!, 3, 4, attributes.transposeA),
          b: shaped(right!, 4, 2, attributes.transposeB),
        },
        attributes,
      })),
    ),
    { inputs: { a: ints([2, 3]), b: ints([4, 3]) }, attributes: { transposeA: false, transposeB: true } },
  ],
  _FusedMatMul: ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'].map(activation => ({
    inputs: {
      a: floats([1, 3, 4]),
      b: floats([1, 4, 2]),
      bias: floats([2]),
      ...(activation === 'prelu' ? { preluActivationWeights: floats([2]) } : {}),
    },
    attributes: { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0.3 },
  })),
}

import { broadcast_util } from '@tensorflow/tfjs-core'
import { sizeOf } from './element-types'
import { node, producerOf } from './nodes'
import { expand, reshape } from './operators'
import type { Value } from './value'

/** A factor without the exchange of its last two axes, which the product then does by itself. */
function untransposed(x: Value, transposed: boolean): [Value, boolean] {
  const before = producerOf(x, 'Transpose')
  const permutation = before?.attributes['perm'] as readonly number[] | undefined
  const rank = x.shape.length
  const swapsLast = permutation?.every((from, to) =>
    to < rank - 2 ? from === to : from === (to === rank - 1 ? rank - 2 : rank - 1),
  )
  return swapsLast ? [before!.inputs[0]!, !transposed] : [x, transposed]
}

/** The matrix that a stack of one matrix is. */
const asMatrix = (x: Value): Value => reshape(x, x.shape.slice(-2))

/**
 * Matrix product over the last two axes, the leading ones broadcast against each other. Transposed factors are read as
 * they lie: no transposed copy is made.
 */
export function matMul(left: Value, right: Value, transposeLeft = false, transposeRight = false): Value {
  const rows = left.shape.at(transposeLeft ? -1 : -2)!
  const columns = right.shape.at(transposeRight ? -2 : -1)!
  const leading = broadcast_util.assertAndGetBroadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2))
  const shape = [...leading, rows, columns]
  if (sizeOf(leading) === 1) {
    const [a, transA] = untransposed(asMatrix(left), transposeLeft)
    const [b, transB] = untransposed(asMatrix(right), transposeRight)
    const attributes = { transA: Number(transA), transB: Number(transB) }
    return reshape(node('Gemm', [a, b], { shape: [rows, columns], type: 'float32' }, { attributes }), shape)
  }
  const [a, transA] = untransposed(left, transposeLeft)
  const [b, transB] = untransposed(right, transposeRight)
  if (!transA && !transB) return node('MatMul', [a, b], { shape, type: 'float32' })
  // The fused operator does not broadcast the leading axes of a transposed factor.
  return node(
    'FusedMatMul',
    [expand(a, [...leading, ...a.shape.slice(-2)]), expand(b, [...leading, ...b.shape.slice(-2)])],
    { shape, type: 'float32' },
    { domain: 'com.microsoft', attributes: { transA: Number(transA), transB: Number(transB) } },
  )
}

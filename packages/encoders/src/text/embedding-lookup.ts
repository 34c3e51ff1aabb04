import { assertDtype, assertShape } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Rows of an embedding table, one for each id, with a gradient that every backend can compute.
 *
 * @param table `[rows, hidden]`
 * @param ids `[batch, positions]`, int32. They must lie in `[0, rows)`: that is checked where ids are made
 * (`createTokenBatch`), since a check here would wait for the device at every call.
 * @param padId the id whose row gets no gradient, PyTorch's `padding_idx`. @default none
 * @returns `[batch, positions, hidden]`
 * @throws InvalidArgumentError for a wrong rank or ids that are not int32.
 */
export function embeddingLookup(
  table: Tensor2D,
  ids: Tensor2D,
  { padId }: { padId?: number } = {},
): Tensor3D {
  const { rows, hidden } = assertShape('table', table, ['rows', 'hidden']) as { rows: number; hidden: number }
  assertShape('ids', ids, ['batch', 'positions'])
  assertDtype('ids', ids, 'int32')
  return tf.customGrad((...inputs) => {
    const [weights, save] = inputs as unknown as [Tensor2D, (saved: tf.Tensor[]) => void]
    save([ids])
    return {
      value: tf.gather(weights, ids),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const index = tf.reshape(saved[0]!, [-1]) as tf.Tensor1D
        const slopes = tf.reshape(dy, [-1, hidden]) as Tensor2D
        if (padId === undefined) return sumRowsByIndex(slopes, index, rows)
        const counts = tf.cast(tf.expandDims(tf.notEqual(index, padId), 1), 'float32')
        return sumRowsByIndex(tf.mul(slopes, counts), index, rows)
      },
    }
  })(table) as tf.Tensor as Tensor3D
}

/** `result[r] = sum of values[i] where index[i] = r`, `[rows, hidden]`. */
function sumRowsByIndex(values: Tensor2D, index: tf.Tensor1D, rows: number): Tensor2D {
  if (tf.getKernel('UnsortedSegmentSum', tf.getBackend())) {
    return tf.unsortedSegmentSum(values, index, rows) as Tensor2D
  }
  // wasm has no such kernel, and a product with a one-hot matrix would cost rows x positions x hidden. Its memory is
  // the process's own, so that reading the gradient back is a copy and the sum a single pass.
  const hidden = values.shape[1]
  const source = values.dataSync()
  const target = index.dataSync()
  const sums = new Float32Array(rows * hidden)
  for (let i = 0; i < target.length; i++) {
    const from = i * hidden
    const to = target[i]! * hidden
    for (let j = 0; j < hidden; j++) sums[to + j]! += source[from + j]!
  }
  return tf.tensor2d(sums, [rows, hidden])
}

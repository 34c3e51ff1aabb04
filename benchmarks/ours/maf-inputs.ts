import type { MafInputs } from '@mafjs/ner-maf'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { RaceBatch } from './batch-arrays'

/** A batch in tensors of the active backend. */
export const mafInputs = (batch: RaceBatch): MafInputs => tensorsOf(batch) as MafInputs

const isArray = (tree: object): tree is { data: Float32Array | Int32Array; shape: number[] } => 'data' in tree

function tensorsOf(tree: object): object {
  if (!isArray(tree)) {
    return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, tensorsOf(value)]))
  }
  const { data, shape } = tree
  // A copy: some backends keep the very memory that they are given.
  const tensor: Tensor = tf.tensor(data.slice(), shape, data instanceof Int32Array ? 'int32' : 'float32')
  return tensor
}

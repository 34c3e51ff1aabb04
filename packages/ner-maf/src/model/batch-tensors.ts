import type { HostArray } from '@mafjs/compile'
import type { Batch } from '@mafjs/data'
import * as tf from '@tensorflow/tfjs-core'
import { type BatchArrays, type BatchPictures, batchArrays } from './batch-arrays'
import type { MafConfig } from './config'
import type { MafInputs } from './maf'

/**
 * A batch as the tensors the model reads. The caller disposes them.
 *
 * @param pictures of the same examples; a text-only model reads none.
 * @throws InvalidArgumentError for pictures that are not square, or labels without those of the published scheme.
 */
export function batchTensors(config: MafConfig, batch: Batch, pictures?: BatchPictures): MafInputs {
  return tensorsOf(batchArrays(config, batch, pictures))
}

/** Arrays of a batch as tensors of the active backend. The caller disposes them. */
export function tensorsOf(arrays: BatchArrays): MafInputs {
  return asTensors(arrays) as MafInputs
}

const isArray = (value: object): value is HostArray<Float32Array | Int32Array> => 'data' in value

/** A tree of arrays as the same tree of tensors. The caller disposes them. */
export function asTensors(tree: object): object {
  if (isArray(tree)) {
    const { data, shape } = tree
    // A copy: some backends keep the very memory that they are given.
    return tf.tensor(data.slice(), [...shape], data instanceof Int32Array ? 'int32' : 'float32')
  }
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, asTensors(value)]))
}

import * as tf from '@tensorflow/tfjs-core'
import type { Given } from '../trace/tree'
import { type Leaf, mapTree } from '../trace/tree'

/**
 * What a function takes as tensors, from what stands for them; the arrays are copied, tensors stay as they are.
 *
 * @returns the inputs, and the tensors that were made: whoever asked disposes them
 */
export function givenTensors<Inputs>(given: Inputs | Given<Inputs>): { inputs: Inputs; made: tf.Tensor[] } {
  const made: tf.Tensor[] = []
  const inputs = mapTree(given, ({ data, tensor, shape, dtype }: Leaf) => {
    if (tensor) return tensor
    // A copy: some backends keep the very memory that they are given.
    const own = tf.tensor(data!.slice() as Float32Array, [...shape], dtype)
    made.push(own)
    return own
  })
  return { inputs: inputs as Inputs, made }
}

/** Computes on a backend, whichever another model of this process has made the active one. */
export function onBackend<T>(backend: string, compute: () => T): T {
  const active = tf.getBackend()
  if (active === backend) return compute()
  tf.setBackend(backend)
  try {
    return compute()
  } finally {
    tf.setBackend(active)
  }
}

import * as tf from '@tensorflow/tfjs-core'
import { normal } from '../random'
import { type Bench, type Run, SEED, withRandomness } from './bench'
import type { PlainInputs } from './plain'
import { outputLeaves } from './snapshot'

const OPTIONS = { training: true, seed: SEED, step: 3 }

/** Gradients of the objective, by parameter name and by input path. */
export interface Gradients {
  parameters: Record<string, Float32Array>
  inputs: Record<string, Float32Array>
}

/** The weights that make one number of all differentiable outputs; none is near zero for a scalar. */
function weightsOf(path: string, size: number): Float32Array {
  const weights = normal(size, { seed: SEED, site: `objective ${path}` })
  return size === 1 ? weights.map(weight => (weight < 0 ? -1 : 1)) : weights
}

/**
 * The gradients of one number made of all differentiable outputs, with respect to every trainable parameter and
 * every float input. What the number does not depend on has a gradient of zeros.
 */
export async function differentiate(bench: Bench, plain: PlainInputs): Promise<Gradients> {
  return bench.use({}, module =>
    bench.withInputs(plain, async ({ inputs, tensors }) => {
      const floats = Object.entries(tensors).filter(([path]) => {
        const spec = bench.specs[path]!
        return spec.kind === 'tensor' && spec.dtype === 'float32' && !spec.mask
      })
      const trainable = Object.entries(module.parameters()).filter(([, variable]) => variable.trainable)
      const sources = [...floats, ...trainable].map(([, tensor]) => tensor as tf.Tensor)
      const objective = (): tf.Tensor => {
        const outputs = outputLeaves(withRandomness(1, () => module.apply(inputs, OPTIONS)))
        const terms = Object.entries(bench.outputs).flatMap(([path, { differentiable }]) => {
          const output = outputs[path]
          if (!differentiable || !(output instanceof tf.Tensor)) return []
          return tf.sum(tf.mul(output, tf.tensor(weightsOf(path, output.size), output.shape)))
        })
        // Ties every source to the result, so that a detached one has a gradient of zeros instead of an error.
        const ties = sources.map(source => tf.mul(tf.sum(source), 0))
        return [...terms, ...ties].reduce((sum, term) => tf.add(sum, term))
      }
      const gradients = tf.grads(objective)(sources)
      const read = await Promise.all(
        gradients.map(async gradient => Float32Array.from(await gradient.data())),
      )
      tf.dispose(gradients)
      return {
        inputs: Object.fromEntries(floats.map(([path], index) => [path, read[index]!])),
        parameters: Object.fromEntries(
          trainable.map(([name], index) => [name, read[floats.length + index]!]),
        ),
      }
    }),
  )
}

/** The terms of the objective, weighted, in double precision; their sum is the objective. */
export async function objectiveTerms(bench: Bench, plain: PlainInputs, run: Run = {}): Promise<Float64Array> {
  const snapshot = await bench.apply(plain, OPTIONS, run)
  const terms: number[] = []
  for (const [path, { differentiable }] of Object.entries(bench.outputs)) {
    const leaf = snapshot[path]
    if (!differentiable || !leaf || !('tensor' in leaf)) continue
    const weights = weightsOf(path, leaf.tensor.data.length)
    for (let index = 0; index < weights.length; index++) {
      terms.push(weights[index]! * leaf.tensor.data[index]!)
    }
  }
  return Float64Array.from(terms)
}

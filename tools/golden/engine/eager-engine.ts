import { createOptimizer } from '@mafjs/compile'
import { createEagerOptimizer } from '@mafjs/ner-maf'
import { type Parameters, valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { type GoldenEngine, type LossProgram, takeValues } from './golden-engine'

/** One step's parts of the loss and gradients, kernel by kernel. */
async function differentiate<Inputs>(loss: LossProgram<Inputs>, parameters: Parameters, inputs: Inputs) {
  let parts: Record<string, tf.Tensor> = {}
  const { value, gradients } = valueAndGradients(() => {
    const losses = loss(inputs, { training: true })
    // What is not the value itself would go with the tape.
    parts = Object.fromEntries(Object.entries(losses).map(([name, part]) => [name, tf.keep(tf.clone(part))]))
    return losses.total
  }, parameters)
  value.dispose()
  const values = await takeValues(parts)
  const losses = Object.fromEntries(Object.entries(values).map(([name, { values }]) => [name, values[0]!]))
  return { losses, gradients }
}

/** Computes kernel by kernel on the active tfjs backend. */
export const eagerEngine: GoldenEngine = {
  compute: (program, inputs) => takeValues(tf.tidy(() => program(inputs, {}))),
  async gradients(loss, parameters, inputs) {
    return takeValues((await differentiate(loss, parameters, inputs)).gradients)
  },
  async train(loss, parameters, inputs, { optimizer: spec, steps }) {
    const optimizer = await createEagerOptimizer(parameters, store => createOptimizer(store, spec))
    const before: Record<string, number>[] = []
    for (let step = 0; step < steps; step++) {
      const { losses, gradients } = await differentiate(loss, parameters, inputs)
      before.push(losses)
      await optimizer.update(gradients)
      tf.dispose(gradients)
    }
    return before
  },
}

import type { RunKey } from '@mafjs/compile'
import { type ApplyOptions, valueAndGradients } from '@mafjs/tensor'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Maf, MafInputs, MafLosses } from '../model/maf'
import type { LossValues } from './events'

async function read(parts: readonly Scalar[]): Promise<LossValues> {
  const values = await Promise.all(parts.map(part => part.data()))
  const [total, tagging, matching, alignment] = values.map(([value]) => value!)
  return { total: total!, tagging: tagging!, matching: matching!, alignment: alignment! }
}

/** One step's losses and gradients. The caller disposes the gradients. */
export async function differentiate(
  model: Maf,
  inputs: MafInputs,
  run: RunKey & Pick<ApplyOptions, 'dropoutMask'>,
): Promise<{ losses: LossValues; gradients: Record<string, Tensor> }> {
  let parts: Scalar[] = []
  const { value, gradients } = valueAndGradients(() => {
    const losses = model.apply(inputs, { training: true, ...run }).losses as MafLosses
    // What is not the value itself would go with the tape.
    parts = [losses.tagging, losses.matching, losses.alignment].map(part => tf.keep(tf.clone(part)))
    return losses.total
  }, model.parameters())
  const losses = await read([value, ...parts])
  tf.dispose([value, ...parts])
  return { losses, gradients }
}

/** One step's losses alone. */
export async function lossesOf(model: Maf, inputs: MafInputs, run: RunKey): Promise<LossValues> {
  const outputs = model.apply(inputs, { training: true, ...run })
  const { total, tagging, matching, alignment } = outputs.losses as MafLosses
  const losses = await read([total, tagging, matching, alignment])
  tf.dispose(outputs as unknown as tf.TensorContainer)
  return losses
}

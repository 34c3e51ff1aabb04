import type { CrfCheckOptions } from '@mafjs/crf'
import { createEagerOptimizer, type Maf, type MafInputs, type MafLosses } from '@mafjs/ner-maf'
import { valueAndGradients } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { FileTensor } from '../../files/tensor-file'
import { UPDATES_COMPARED } from '../compared'
import { optimizerOf } from '../optimizer-of'
import { shownOutputs } from '../shown-outputs'
import type { Work } from '../work'
import { readTensors } from './read-tensors'

const SEED = 37

/** Labels were checked when the batch was made; some backends cannot be read while a step is computed. */
const UNREAD: CrfCheckOptions = { checkValues: false }

/** Training steps on tfjs: forward, backward, clip, update. */
export async function createTraining(model: Maf, batches: readonly MafInputs[]): Promise<Work> {
  const parameters = model.parameters()
  const optimizer = await createEagerOptimizer(parameters, store => optimizerOf(store, model.config))
  let step = 0

  const update = async (inputs: MafInputs, training: boolean): Promise<void> => {
    const { value, gradients } = valueAndGradients(
      () => model.apply(inputs, { training, seed: SEED, step, ...UNREAD }).losses!.total,
      parameters,
    )
    await optimizer.update(gradients)
    tf.dispose([value, ...Object.values(gradients)])
    step += 1
  }

  return {
    run: () => update(batches[step % batches.length]!, true),
    compare: async () => {
      const inputs = batches[0]!
      let parts: Record<string, Tensor> = {}
      const { value, gradients } = valueAndGradients(() => {
        const outputs = model.apply(inputs, { ...UNREAD })
        parts = keepAll({ ...lossTensors(outputs.losses!), ...shownOutputs(outputs) })
        return outputs.losses!.total
      }, parameters)
      const compared = await readTensors({
        ...parts,
        ...Object.fromEntries(Object.entries(gradients).map(([name, one]) => [`gradients/${name}`, one])),
      })
      tf.dispose([value, ...Object.values(parts), ...Object.values(gradients)])
      const losses: Record<string, FileTensor> = {}
      for (let count = 1; count <= UPDATES_COMPARED; count++) {
        await update(inputs, false)
        const outputs = model.apply(inputs, { ...UNREAD })
        const [after] = Object.values(await readTensors({ total: outputs.losses!.total }))
        losses[`losses/after ${count} updates`] = after!
        tf.dispose(outputs as unknown as tf.TensorContainer)
      }
      return { ...compared, ...losses }
    },
  }
}

const lossTensors = (losses: MafLosses): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(losses).map(([name, loss]) => [`losses/${name}`, loss as Tensor]))

/** The tape frees what is not the loss itself. */
const keepAll = (tensors: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]))

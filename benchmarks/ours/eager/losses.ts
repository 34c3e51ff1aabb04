import * as tf from '@tensorflow/tfjs-core'
import type { FileTensor } from '../../files/tensor-file'
import type { WorkSpec } from '../../protocol'
import { lossProgram } from '../loss-program'
import type { StoredBatch } from '../stored-batches'
import type { Work } from '../work'
import { readTensors } from './read-tensors'

/** A loss with its gradient on tfjs. */
export function createLoss(work: WorkSpec, batch: StoredBatch): Work {
  const { differentiated, loss } = lossProgram(work)
  const tensors = Object.fromEntries(
    Object.entries(batch).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
  )
  const arguments_ = differentiated.map(name => tensors[name]!)
  const compute = async (): Promise<Record<string, FileTensor>> => {
    const { value, grads } = tf.valueAndGrads((...given) =>
      loss({ ...tensors, ...Object.fromEntries(given.map((one, i) => [differentiated[i]!, one])) }),
    )(arguments_)
    const read = await readTensors({
      loss: value,
      ...Object.fromEntries(grads.map((gradient, i) => [`gradients/${differentiated[i]}`, gradient])),
    })
    tf.dispose([value, ...grads])
    return read
  }
  return {
    run: async () => {
      await compute()
    },
    compare: compute,
  }
}

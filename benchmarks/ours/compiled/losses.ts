import { compile, type ThreadOptions } from '@mafjs/compile'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { WorkSpec } from '../../protocol'
import { lossProgram } from '../loss-program'
import type { StoredBatch } from '../stored-batches'
import type { Work } from '../work'
import { fileTensors } from './file-tensors'

/** A compiled loss with its gradient. */
export function createCompiledLoss(work: WorkSpec, batch: StoredBatch, session: ThreadOptions): Work {
  const { differentiated, loss } = lossProgram(work)
  const compute = compile((tensors: Record<string, Tensor>) => {
    const { value, grads } = tf.valueAndGrads((...given) =>
      loss({ ...tensors, ...Object.fromEntries(given.map((one, i) => [differentiated[i]!, one])) }),
    )(differentiated.map(name => tensors[name]!))
    return {
      loss: value,
      ...Object.fromEntries(grads.map((gradient, i) => [`gradients/${differentiated[i]}`, gradient])),
    }
  }, session)
  const inputs = Object.fromEntries(
    Object.entries(batch).map(([name, { values, shape }]) => [name, { data: values, shape }]),
  ) as unknown as Record<string, Tensor>
  return {
    run: async () => {
      await compute.run(inputs)
    },
    compare: async () => fileTensors(await compute.run(inputs)),
  }
}

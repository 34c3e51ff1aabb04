import type { Maf, MafInputs } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { shownOutputs } from '../shown-outputs'
import type { Work } from '../work'
import { readTensors } from './read-tensors'

/** Emissions and match on tfjs. */
export function createInference(model: Maf, { labels: _, exchanges: __, ...inputs }: MafInputs): Work {
  const outputs = async () => {
    const all = model.apply(inputs)
    const read = await readTensors(shownOutputs(all))
    tf.dispose(all as unknown as tf.TensorContainer)
    return read
  }
  return {
    run: async () => {
      await outputs()
    },
    compare: outputs,
  }
}

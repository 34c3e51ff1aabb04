import {
  compile,
  compileGradients,
  compileTraining,
  type OptimizerSpec,
  type ThreadOptions,
} from '@mafjs/compile'
import type { CrfCheckOptions } from '@mafjs/crf'
import type { Maf, MafInputs } from '@mafjs/ner-maf'
import type { ApplyOptions } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { FileTensor } from '../../files/tensor-file'
import type { RaceBatch } from '../batch-arrays'
import { UPDATES_COMPARED } from '../compared'
import { readTensors } from '../eager/read-tensors'
import { shownOutputs } from '../shown-outputs'
import type { Work } from '../work'
import { fileTensors } from './file-tensors'

const SEED = 37

/** The CRF cannot look at labels that are not there yet; they were checked when the batch was made. */
const UNREAD: CrfCheckOptions = { checkValues: false }

/** The optimiser that goes with a model: the published one for the published model, else AdamW. */
const optimizerSpec = ({ config }: Maf): OptimizerSpec =>
  config.steps === 'pieces'
    ? { kind: 'bert-adam', learningRate: 5e-5, clipping: { kind: 'per-tensor', limit: 1 } }
    : { kind: 'adamw', learningRate: 5e-5, clipping: { kind: 'global-norm', limit: 1 } }

/** Compiled training steps. */
export async function createCompiledTraining(
  model: Maf,
  batches: readonly RaceBatch[],
  session: ThreadOptions,
): Promise<Work> {
  const lossOf = (inputs: MafInputs, options: ApplyOptions) => ({
    ...model.apply(inputs, { ...options, ...UNREAD }).losses!,
  })
  const given = batches as unknown as MafInputs[]
  const options = { ...session, optimizer: optimizerSpec(model) }
  const training = await compileTraining(lossOf, model.parameters(), options)
  let step = 0
  return {
    run: async () => {
      const { applied } = await training.step(given[step % given.length]!, { seed: SEED, step })
      if (!applied) throw new Error('The step was not applied: a loss or a gradient is not finite.')
      step += 1
    },
    compare: async () => {
      const inputs = given[0]!
      const plain = (batch: MafInputs) => lossOf(batch, {})
      // Without labels there is no loss: outputs alone.
      const { labels: _, ...unlabelled } = inputs
      const outputs = compile((batch: MafInputs) => shownOutputs(model.apply(batch)), session)
      const compared = fileTensors(await outputs.run(unlabelled))
      await outputs.dispose()
      const differentiated = compileGradients(plain, model.parameters(), session)
      const { losses, gradients } = await differentiated(inputs)
      for (const [name, loss] of Object.entries(losses)) compared[`losses/${name}`] = scalar(loss)
      for (const [name, gradient] of Object.entries(await readTensors(gradients))) {
        compared[`gradients/${name}`] = gradient
      }
      tf.dispose(gradients)
      await differentiated.dispose()
      const plainTraining = await compileTraining(plain, model.parameters(), options)
      for (let count = 0; count <= UPDATES_COMPARED; count++) {
        // A step reports the loss before its own update.
        const report = await plainTraining.step(inputs, { seed: SEED, step: count })
        if (count > 0) compared[`losses/after ${count} updates`] = scalar(report.losses['total']!)
      }
      return compared
    },
  }
}

const scalar = (value: number): FileTensor => ({ shape: [], values: Float32Array.of(value) })

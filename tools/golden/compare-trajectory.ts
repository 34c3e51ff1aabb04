import { clipPerTensor, createBertAdam, type Maf, publishedSchedule } from '@mafjs/ner-maf'
import { valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { compareLosses } from './compare-model'
import { compareTensor, type Row } from './comparison'
import type { Expected, Losses } from './expected'
import type { TrackedTensors } from './golden-files'
import { type Batch, lossesOf, trainingPass } from './published-model'

/** The losses before each step of the published optimiser, and the parameters after the last. */
export async function compareTrajectory(
  model: Maf,
  batch: Batch,
  { hyper, bertadam }: Expected,
  expected: TrackedTensors,
  publishedNames: Map<string, string>,
): Promise<Row[]> {
  const optimizer = createBertAdam(model.parameters(), {
    learningRate: bertadam.lr,
    schedule: publishedSchedule({ total: bertadam.t_total, warmup: bertadam.warmup }),
    clipping: clipPerTensor(bertadam.max_grad_norm),
    weightDecay: bertadam.weight_decay,
    beta1: bertadam.b1,
    beta2: bertadam.b2,
    epsilon: bertadam.e,
  })
  const rows: Row[] = []
  const before = [
    ...bertadam.trajectory.map(({ losses_before_step }) => losses_before_step),
    bertadam.losses_after_last_step,
  ]
  for (const [step, losses] of before.entries()) {
    let actual: Losses | undefined
    const { value, gradients } = valueAndGradients(() => {
      const outputs = trainingPass(model, batch, hyper)
      actual = lossesOf(outputs)
      return outputs.losses!.total
    }, model.parameters())
    const recorded = { total: bertadam.f32_run_totals?.[step] }
    rows.push(...compareLosses(`bertadam/step${step}`, actual!, losses, recorded))
    if (step < bertadam.steps) await optimizer.update(gradients)
    tf.dispose([value, gradients])
  }
  const parameters = model.parameters()
  const ourNames = new Map([...publishedNames].map(([ours, published]) => [published, ours]))
  for (const name of expected.names.filter(name => name.startsWith('after_steps/'))) {
    const variable = parameters[ourNames.get(name.slice('after_steps/'.length)) ?? '']
    if (variable) {
      rows.push(compareTensor(name, variable, expected.tensor(name), 0.1 * bertadam.lr))
    }
  }
  return rows
}

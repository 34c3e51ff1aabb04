import type { OptimizerSpec } from '@mafjs/compile'
import type { Maf } from '@mafjs/ner-maf'
import { compareLosses } from './compare-model'
import { compareTensor, type Row } from './comparison'
import { type GoldenEngine, type GoldenOptions, valuesOf } from './engine/golden-engine'
import { lossValues } from './engine/loss-values'
import type { Expected } from './expected'
import type { TrackedTensors } from './golden-files'
import { type Batch, lossesOf, trainingPass } from './published-model'

/** The published optimiser as a folder has it. */
const optimizerOf = ({ bertadam }: Expected): OptimizerSpec => ({
  kind: 'bert-adam',
  learningRate: bertadam.lr,
  schedule: { kind: 'published', total: bertadam.t_total, warmup: bertadam.warmup },
  clipping: { kind: 'per-tensor', limit: bertadam.max_grad_norm },
  weightDecay: bertadam.weight_decay,
  beta1: bertadam.b1,
  beta2: bertadam.b2,
  epsilon: bertadam.e,
})

/** The losses before each step of the published optimiser, and the parameters after the last. */
export async function compareTrajectory(
  engine: GoldenEngine,
  model: Maf,
  batch: Batch,
  golden: Expected,
  expected: TrackedTensors,
  publishedNames: Map<string, string>,
): Promise<Row[]> {
  const { hyper, bertadam } = golden
  const loss = (inputs: Batch, options: GoldenOptions) =>
    lossesOf(trainingPass(model, inputs, hyper, options))
  const parameters = model.parameters()
  const { steps, trajectory, losses_after_last_step, f32_run_totals } = bertadam
  const actual = await engine.train(loss, parameters, batch, { optimizer: optimizerOf(golden), steps })
  actual.push(lossValues(await engine.compute(loss, batch)))
  const wanted = [...trajectory.map(({ losses_before_step }) => losses_before_step), losses_after_last_step]
  const rows = wanted.flatMap((losses, step) =>
    compareLosses(`bertadam/step${step}`, actual[step] ?? {}, losses, { total: f32_run_totals?.[step] }),
  )
  const ourNames = new Map([...publishedNames].map(([ours, published]) => [published, ours]))
  for (const name of expected.names.filter(name => name.startsWith('after_steps/'))) {
    const variable = parameters[ourNames.get(name.slice('after_steps/'.length)) ?? '']
    if (variable) {
      rows.push(compareTensor(name, await valuesOf(variable), expected.tensor(name), 0.1 * bertadam.lr))
    }
  }
  return rows
}

import { join } from 'node:path'
import type { OptimizerSpec } from '@mafjs/compile'
import { buildMaf, type Maf } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { type Applied, type Computer, once, takeValues } from '../engine/computer'
import { compareDecodes } from './check-crf'
import { compareGradients, compareLosses, compareOutputs, publishedTensors } from './compare-model'
import { compareTensor, type FolderReport, type Row } from './comparison'
import { type Expected, type Hyper, lossValues, readExpected } from './expected'
import { openTracked, type TrackedTensors } from './golden-files'
import { type Batch, configOf, loadWeights, lossesOf, readBatch, trainingPass } from './published-model'

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
async function compareTrajectory(
  computer: Computer,
  model: Maf,
  batch: Batch,
  golden: Expected,
  expected: TrackedTensors,
  publishedNames: Map<string, string>,
): Promise<Row[]> {
  const { steps, trajectory, losses_after_last_step, f32_run_totals, lr } = golden.bertadam
  const loss = (inputs: Batch, options: Applied) =>
    lossesOf(trainingPass(model, inputs, golden.hyper, options))
  const parameters = model.parameters()
  const training = await computer.training(loss, parameters, optimizerOf(golden))
  const actual: Record<string, number>[] = []
  for (let step = 0; step < steps; step++) actual.push(await training.run(batch, { seed: 0, step }))
  // The variables get what the steps have left.
  await training.dispose()
  actual.push(lossValues(await once(computer.program(loss), batch)))
  const wanted = [...trajectory.map(({ losses_before_step }) => losses_before_step), losses_after_last_step]
  const rows = wanted.flatMap((losses, step) =>
    compareLosses(`bertadam/step${step}`, actual[step] ?? {}, losses, { total: f32_run_totals?.[step] }),
  )
  const ourNames = new Map([...publishedNames].map(([ours, published]) => [published, ours]))
  for (const name of expected.names.filter(name => name.startsWith('after_steps/'))) {
    const variable = parameters[ourNames.get(name.slice('after_steps/'.length)) ?? '']
    if (!variable) continue
    const { values } = await takeValues({ values: tf.clone(variable) })
    rows.push(compareTensor(name, values!, expected.tensor(name), 0.1 * lr))
  }
  return rows
}

/** Checks a model golden folder: every tensor, loss, gradient, decode and optimiser step in it. */
export async function checkModel(folder: string, computer: Computer): Promise<FolderReport> {
  const golden = readExpected(join(folder, 'expected.json'))
  const open = (name: string): TrackedTensors => openTracked(join(folder, `${name}.safetensors`))
  const files = {
    weights: open('weights'),
    expected: open('expected'),
    grads: open('grads'),
    inputs: open('inputs'),
  }
  const { weights, expected, grads } = files
  const batch = readBatch(files.inputs)
  const imageSize = batch.image.summary.shape[1]
  const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs
  const counted = computer.program(({ text }: Batch) => ({ found: tf.sum(text.mask, 1) }))
  const lengths = { shape: [golden.lengths.length], values: golden.lengths }
  const rows: Row[] = [compareTensor('lengths', (await once(counted, batch))['found']!, lengths, 0)]

  const withModel = async (hyper: Hyper, use: (model: Maf, names: Map<string, string>) => Promise<void>) => {
    const model = buildMaf(configOf(golden, imageSize, hyper))
    try {
      await use(model, loadWeights(model, weights))
    } finally {
      model.dispose()
    }
  }
  await withModel(golden.hyper, async (model, names) => {
    const training = computer.program((inputs: Batch, options) => {
      const outputs = trainingPass(model, inputs, golden.hyper, options)
      return { ...publishedTensors('train', outputs, expected), ...lossesOf(outputs) }
    })
    const train = await once(training, batch)
    rows.push(...compareOutputs('train', train, expected, recorded))
    rows.push(...compareLosses('losses', lossValues(train), golden.losses, golden.losses_f32_run))
    const using = computer.program(({ text, image }: Batch, options) => {
      const outputs = model.apply({ text, image }, options)
      return { ...publishedTensors('eval', outputs, expected), emissions: outputs.emissions }
    })
    const evaluation = await once(using, batch)
    rows.push(...compareOutputs('eval', evaluation, expected, recorded))
    const { shape, values } = evaluation['emissions']!
    const emissions = tf.tensor3d(values as Float32Array, shape as [number, number, number])
    const lattice = await model.parts.crf.lattice({ emissions, mask: batch.text.mask })
    rows.push(compareDecodes('decoded_eval', lattice, golden.decoded_eval).row)
    rows.push(...(await compareGradients(computer, model, batch, golden, grads, names)))
    // Last: it changes the weights.
    rows.push(...(await compareTrajectory(computer, model, batch, golden, expected, names)))
  })
  for (const [i, { hyper, losses, match_labels }] of golden.extra_losses.entries()) {
    await withModel(hyper, async model => {
      const program = computer.program((inputs: Batch, options) => {
        const outputs = trainingPass(model, inputs, hyper, options)
        return { ...lossesOf(outputs), matchLabels: outputs.matching!.labels! }
      })
      const computed = await once(program, batch)
      const name = `extra_losses[${i}]`
      rows.push(...compareLosses(name, lossValues(computed), losses))
      const labels = { shape: [match_labels.length], values: match_labels }
      rows.push(compareTensor(`${name}.match_labels`, computed['matchLabels']!, labels, 0))
    })
  }
  const named = (list: (file: TrackedTensors) => string[]): string[] =>
    Object.entries(files).flatMap(([file, tensors]) => list(tensors).map(name => `${file}:${name}`))
  return { folder, rows, unmatched: named(file => file.unmatched()), unused: named(file => file.leftOut()) }
}

import { join } from 'node:path'
import { buildMaf, type Maf } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { compareDecodes } from './compare-decodes'
import { compareGradients, compareLosses, compareOutputs } from './compare-model'
import { compareTrajectory } from './compare-trajectory'
import { compareTensor, type FolderReport, type Row } from './comparison'
import { type Hyper, readExpected } from './expected'
import { openTracked, type TrackedTensors } from './golden-files'
import { configOf, loadWeights, lossesOf, readBatch, trainingPass } from './published-model'

/** Checks a model golden folder: every tensor, loss, gradient, decode and optimiser step in it. */
export async function checkModel(folder: string): Promise<FolderReport> {
  const golden = readExpected(join(folder, 'expected.json'))
  const weights = openTracked(join(folder, 'weights.safetensors'))
  const expected = openTracked(join(folder, 'expected.safetensors'))
  const grads = openTracked(join(folder, 'grads.safetensors'))
  const inputs = openTracked(join(folder, 'inputs.safetensors'))
  const batch = readBatch(inputs)
  const imageSize = batch.image.summary.shape[1]
  const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs
  const lengths = { shape: [golden.lengths.length], values: golden.lengths }
  const rows: Row[] = [compareTensor('lengths', tf.sum(batch.text.mask, 1), lengths, 0)]

  const withModel = async <T>(
    hyper: Hyper,
    use: (model: Maf, names: Map<string, string>) => Promise<T> | T,
  ) => {
    const model = buildMaf(configOf(golden, imageSize, hyper))
    try {
      return await use(model, loadWeights(model, weights))
    } finally {
      model.dispose()
    }
  }
  await withModel(golden.hyper, async (model, names) => {
    const train = trainingPass(model, batch, golden.hyper)
    rows.push(...compareOutputs('train', train, expected, recorded))
    rows.push(...compareLosses('losses', lossesOf(train), golden.losses, golden.losses_f32_run))
    const evaluation = model.apply({ text: batch.text, image: batch.image })
    rows.push(...compareOutputs('eval', evaluation, expected, recorded))
    const { paths } = await model.parts.crf.decode(evaluation)
    const lattice = await model.parts.crf.lattice(evaluation)
    rows.push(compareDecodes('decoded_eval', lattice, paths, golden.decoded_eval))
    rows.push(...compareGradients(model, batch, golden, grads, names))
    // Last: it changes the weights.
    rows.push(...(await compareTrajectory(model, batch, golden, expected, names)))
  })
  for (const [i, { hyper, losses, match_labels }] of golden.extra_losses.entries()) {
    await withModel(hyper, model => {
      const outputs = trainingPass(model, batch, hyper)
      const name = `extra_losses[${i}]`
      rows.push(...compareLosses(name, lossesOf(outputs), losses))
      const labels = { shape: [match_labels.length], values: match_labels }
      rows.push(compareTensor(`${name}.match_labels`, outputs.matching!.labels, labels, 0))
    })
  }
  const files = { weights, expected, grads, inputs }
  const named = (list: (file: TrackedTensors) => string[]): string[] =>
    Object.entries(files).flatMap(([file, tensors]) => list(tensors).map(name => `${file}:${name}`))
  return {
    folder,
    rows,
    unmatched: named(file => file.unmatched()),
    unused: named(file => file.leftOut()),
  }
}

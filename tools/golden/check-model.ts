import { join } from 'node:path'
import { viterbi } from '@mafjs/crf'
import { buildMaf, type Maf } from '@mafjs/ner-maf'
import * as tf from '@tensorflow/tfjs-core'
import { compareDecodes } from './compare-decodes'
import { compareGradients, compareLosses, compareOutputs, publishedTensors } from './compare-model'
import { compareTrajectory } from './compare-trajectory'
import { compareTensor, type FolderReport, type Row } from './comparison'
import type { GoldenEngine } from './engine/golden-engine'
import { lossValues } from './engine/loss-values'
import { type Hyper, readExpected } from './expected'
import { openTracked, type TrackedTensors } from './golden-files'
import { type Batch, configOf, loadWeights, lossesOf, readBatch, trainingPass } from './published-model'

/** Checks a model golden folder: every tensor, loss, gradient, decode and optimiser step in it. */
export async function checkModel(folder: string, engine: GoldenEngine): Promise<FolderReport> {
  const golden = readExpected(join(folder, 'expected.json'))
  const weights = openTracked(join(folder, 'weights.safetensors'))
  const expected = openTracked(join(folder, 'expected.safetensors'))
  const grads = openTracked(join(folder, 'grads.safetensors'))
  const inputs = openTracked(join(folder, 'inputs.safetensors'))
  const batch = readBatch(inputs)
  const imageSize = batch.image.summary.shape[1]
  const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs
  const lengths = { shape: [golden.lengths.length], values: golden.lengths }
  const { found } = await engine.compute(({ text }: Batch) => ({ found: tf.sum(text.mask, 1) }), batch)
  const rows: Row[] = [compareTensor('lengths', found!, lengths, 0)]

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
    const train = await engine.compute((inputs: Batch, options) => {
      const outputs = trainingPass(model, inputs, golden.hyper, options)
      return { ...publishedTensors('train', outputs, expected), ...lossesOf(outputs) }
    }, batch)
    rows.push(...compareOutputs('train', train, expected, recorded))
    rows.push(...compareLosses('losses', lossValues(train), golden.losses, golden.losses_f32_run))
    const evaluation = await engine.compute(({ text, image }: Batch, options) => {
      const outputs = model.apply({ text, image }, options)
      return { ...publishedTensors('eval', outputs, expected), emissions: outputs.emissions }
    }, batch)
    rows.push(...compareOutputs('eval', evaluation, expected, recorded))
    const { shape, values } = evaluation['emissions']!
    const emissions = tf.tensor3d(values as Float32Array, shape as [number, number, number])
    const lattice = await model.parts.crf.lattice({ emissions, mask: batch.text.mask })
    rows.push(compareDecodes('decoded_eval', lattice, viterbi(lattice).paths, golden.decoded_eval))
    rows.push(...(await compareGradients(engine, model, batch, golden, grads, names)))
    // Last: it changes the weights.
    rows.push(...(await compareTrajectory(engine, model, batch, golden, expected, names)))
  })
  for (const [i, { hyper, losses, match_labels }] of golden.extra_losses.entries()) {
    await withModel(hyper, async model => {
      const computed = await engine.compute((inputs: Batch, options) => {
        const outputs = trainingPass(model, inputs, hyper, options)
        return { ...lossesOf(outputs), matchLabels: outputs.matching!.labels }
      }, batch)
      const name = `extra_losses[${i}]`
      rows.push(...compareLosses(name, lossValues(computed), losses))
      const labels = { shape: [match_labels.length], values: match_labels }
      rows.push(compareTensor(`${name}.match_labels`, computed['matchLabels']!, labels, 0))
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

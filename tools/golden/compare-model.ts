import { swapNegatives } from '@mafjs/match'
import { fromPublishedName, isUnusedInPublished, type Maf, type MafOutputs } from '@mafjs/ner-maf'
import { valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import {
  compareTensor,
  forwardTolerance,
  gradientTolerance,
  largestValue,
  lossTolerance,
  type Row,
} from './comparison'
import type { TrackedTensors } from './golden-files'
import { type Batch, type Expected, LOSSES, type Losses, trainingPass } from './published-model'

/** One row per loss. */
export function compareLosses(
  name: string,
  actual: Losses,
  expected: Losses,
  recorded?: Partial<Losses>,
): Row[] {
  return LOSSES.map(loss => ({
    name: `${name}.${loss}`,
    deviation: Math.abs(actual[loss] - expected[loss]),
    tolerance: lossTolerance(
      expected[loss],
      recorded?.[loss] === undefined ? 0 : Math.abs(recorded[loss]! - expected[loss]),
    ),
  }))
}

/** What the published code calls each of our outputs. */
const TRAIN_TENSORS: Record<string, (outputs: MafOutputs) => tf.Tensor> = {
  'bert.sequence_output': ({ text }) => text.states,
  'bert.pooled_output': ({ text }) => text.summary,
  img_mean: ({ image }) => image!.summary,
  image_regions: ({ interaction }) => interaction!.regions,
  cross_output: ({ interaction }) => interaction!.states,
  cross_output_used: ({ interaction, matching }) => swapNegatives(interaction!.states, matching!.exchanged),
  'match.logits': ({ matching }) => matching!.logits,
  'match.P': ({ matching }) => matching!.probability,
  'match.labels': ({ matching }) => matching!.labels,
  gate: ({ fusion }) => fusion!.gate,
  fused: ({ fusion }) => fusion!.states,
  emissions: ({ emissions }) => emissions,
  'contrast.text': ({ alignment }) => alignment!.text,
  'contrast.image': ({ alignment }) => alignment!.image,
}

/** One row per tensor of a forward pass. */
export function compareOutputs(
  mode: 'train' | 'eval',
  outputs: MafOutputs,
  expected: TrackedTensors,
  recorded: Expected['f32_vs_f64_max_abs_diff_and_max_abs'],
): Row[] {
  return expected.names
    .filter(name => name.startsWith(`${mode}/`) && TRAIN_TENSORS[name.slice(mode.length + 1)])
    .map(name => {
      const actual = TRAIN_TENSORS[name.slice(mode.length + 1)]!(outputs).dataSync()
      const values = expected.values(name)
      return compareTensor(name, actual, values, forwardTolerance(largestValue(values), recorded[name]?.[0]))
    })
}

/** One row per parameter: its gradient, or that it has none. */
export function compareGradients(
  model: Maf,
  batch: Batch,
  { hyper, params_without_grad, grad_f32_vs_f64_max_abs_diff_and_max_abs: recorded }: Expected,
  grads: TrackedTensors,
  publishedNames: Map<string, string>,
): Row[] {
  const { value, gradients } = valueAndGradients(
    () => trainingPass(model, batch, hyper).losses!.total,
    model.parameters(),
  )
  const rows: Row[] = []
  for (const [ours, published] of publishedNames) {
    const actual = gradients[ours]?.dataSync()
    if (!grads.names.includes(published)) {
      // No gradient in the published code: ours must be absent or exactly zero.
      const deviation = actual ? largestValue(actual) : 0
      rows.push({
        name: `grad/${published}`,
        deviation,
        tolerance: 0,
        note: 'no gradient in the published code',
      })
      continue
    }
    const expected = grads.values(published)
    const tolerance = gradientTolerance(largestValue(expected), recorded[published]?.[0])
    rows.push(
      actual
        ? compareTensor(`grad/${published}`, actual, expected, tolerance)
        : {
            name: `grad/${published}`,
            deviation: Number.POSITIVE_INFINITY,
            tolerance,
            note: 'no gradient here',
          },
    )
  }
  const unknown = params_without_grad.filter(name => !isUnusedInPublished(name) && !fromPublishedName(name))
  rows.push({ name: 'params_without_grad: names without a place', deviation: unknown.length, tolerance: 0 })
  tf.dispose([value, gradients])
  return rows
}

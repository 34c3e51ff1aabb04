import { swapNegatives } from '@mafjs/match'
import { fromPublishedName, isUnusedInPublished, type Maf } from '@mafjs/ner-maf'
import type { Tensor } from '@tensorflow/tfjs-core'
import { type Computer, once, type Values } from '../engine/computer'
import {
  compareNumber,
  compareTensor,
  forwardTolerance,
  gradientTolerance,
  largestValue,
  type Row,
} from './comparison'
import { type Expected, LOSSES, type Losses } from './expected'
import type { TrackedTensors } from './golden-files'
import { type Batch, lossesOf, trainingPass } from './published-model'

/** One row per loss, and one for a loss of the folder that is none of ours. */
export function compareLosses(
  name: string,
  actual: Readonly<Record<string, number>>,
  expected: Losses,
  recorded: Partial<Losses> = {},
): Row[] {
  const unknown = Object.keys(expected).filter(loss => !LOSSES.includes(loss as keyof Losses))
  return [
    ...LOSSES.map(loss => compareNumber(`${name}.${loss}`, actual[loss]!, expected[loss], recorded[loss])),
    ...unknown.map(loss => absent(`${name}.${loss}`, 'no such loss here')),
  ]
}

/** The row of what has no counterpart. */
const absent = (name: string, note: string): Row => ({
  name,
  deviation: Number.POSITIVE_INFINITY,
  tolerance: 0,
  note,
})

/** What the published code calls each of our outputs. */
const TENSORS: Record<string, (outputs: ReturnType<Maf['apply']>) => Tensor> = {
  'bert.sequence_output': ({ text }) => text.states,
  'bert.pooled_output': ({ text }) => text.summary,
  img_mean: ({ image }) => image!.summary,
  image_regions: ({ interaction }) => interaction!.regions!,
  cross_output: ({ interaction }) => interaction!.states,
  cross_output_used: ({ interaction, matching }) => swapNegatives(interaction!.states, matching!.exchanged!),
  'match.logits': ({ matching }) => matching!.logits!,
  'match.P': ({ matching }) => matching!.probability,
  'match.labels': ({ matching }) => matching!.labels!,
  gate: ({ fusion }) => fusion!.gate!,
  fused: ({ fusion }) => fusion!.states,
  emissions: ({ emissions }) => emissions,
  'contrast.text': ({ alignment }) => alignment!.text!,
  'contrast.image': ({ alignment }) => alignment!.image!,
}

/** The tensors of each pass that every folder of the format holds. */
const PROMISED = {
  train: Object.keys(TENSORS),
  eval: ['match.logits', 'match.P', 'emissions'],
}

/** The tensors of a pass that a folder can be compared with, by the folder's keys. */
const comparableKeys = (mode: 'train' | 'eval', expected: TrackedTensors): string[] =>
  expected.names
    .filter(name => name.startsWith(`${mode}/`))
    .map(name => name.slice(mode.length + 1))
    .filter(key => TENSORS[key])

/** The outputs of a pass under the keys of the folder. */
export const publishedTensors = (
  mode: 'train' | 'eval',
  outputs: ReturnType<Maf['apply']>,
  expected: TrackedTensors,
): Record<string, Tensor> =>
  Object.fromEntries(comparableKeys(mode, expected).map(key => [`${mode}/${key}`, TENSORS[key]!(outputs)]))

/** One row per tensor of a forward pass, and one for each that the folder lacks. */
export function compareOutputs(
  mode: 'train' | 'eval',
  actual: Readonly<Record<string, Values>>,
  expected: TrackedTensors,
  recorded: Expected['f32_vs_f64_max_abs_diff_and_max_abs'] = {},
): Row[] {
  const lacking = PROMISED[mode].map(key => `${mode}/${key}`).filter(name => !expected.names.includes(name))
  const rows = comparableKeys(mode, expected).map(key => {
    const name = `${mode}/${key}`
    const tensor = expected.tensor(name)
    const tolerance = forwardTolerance(largestValue(tensor.values), recorded[name]?.[0])
    return compareTensor(name, actual[name]!, tensor, tolerance)
  })
  return [...rows, ...lacking.map(name => absent(name, 'the folder holds no such tensor'))]
}

/** One row per parameter: its gradient, or that it has none. */
export async function compareGradients(
  computer: Computer,
  model: Maf,
  batch: Batch,
  { hyper, params_without_grad, grad_f32_vs_f64_max_abs_diff_and_max_abs: recorded = {} }: Expected,
  grads: TrackedTensors,
  publishedNames: Map<string, string>,
): Promise<Row[]> {
  const program = computer.gradients(
    (inputs: Batch, options) => lossesOf(trainingPass(model, inputs, hyper, options)),
    model.parameters(),
  )
  const { gradients } = await once(program, batch)
  const rows: Row[] = []
  for (const [ours, published] of publishedNames) {
    const name = `grad/${published}`
    const actual = gradients[ours]
    const isGiven = grads.names.includes(published)
    if (isGiven === params_without_grad.includes(published)) {
      const places = 'grads.safetensors and params_without_grad'
      rows.push(absent(name, isGiven ? `is in both ${places}` : `is in neither of ${places}`))
    }
    if (!isGiven) {
      // No gradient in the published code: ours must be absent or exactly zero.
      const deviation = actual ? largestValue(actual.values) : 0
      rows.push({ name, deviation, tolerance: 0, note: 'no gradient in the published code' })
      continue
    }
    const expected = grads.tensor(published)
    const tolerance = gradientTolerance(largestValue(expected.values), recorded[published]?.[0])
    rows.push(actual ? compareTensor(name, actual, expected, tolerance) : absent(name, 'no gradient here'))
  }
  const unknown = params_without_grad.filter(name => !isUnusedInPublished(name) && !fromPublishedName(name))
  rows.push({ name: 'params_without_grad: names without a place', deviation: unknown.length, tolerance: 0 })
  return rows
}

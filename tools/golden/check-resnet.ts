import { join } from 'node:path'
import {
  type CompleteResNetConfig,
  createResNetEncoder,
  type ImageEncoder,
  resNetChannels,
  resNetStages,
} from '@mafjs/encoders'
import { linear } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { type Computer, once } from '../engine/computer'
import { compareTensor, type FolderReport, forwardTolerance, largestValue, type Row } from './comparison'
import { openTracked, readJson, type TrackedTensors } from './golden-files'
import { resNetPicture, resNetWeight } from './resnet-formula'

type ManifestRow = [name: string, shape: number[], sum: number, first: number, last: number]
interface ResNetCase {
  name: string
  block: 'BasicBlock' | 'Bottleneck'
  layers: [number, number, number, number]
  input: [number, number, number, number]
  params: number
  stats: Record<string, Record<'sum' | 'abs_sum' | 'max' | 'min', number>>
  f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [number, number]>
  manifest: ManifestRow[] | { first: ManifestRow[]; last: ManifestRow[] }
}

/** A case with what its numbers are drawn by. */
interface Drawn extends ResNetCase {
  weight(name: string, shape: number[]): Float32Array
  picture: Float32Array
}

/** torchvision's classifier, which is not part of the encoder: 1000 classes. */
const CLASSES = 1000

/** The maps whose statistics every case has. */
const STAGES = ['maxpool', 'layer1', 'layer2', 'layer3', 'layer4'] as const

/** The first `sizes` of every axis. */
const corner = (x: tf.Tensor, sizes: number[]): tf.Tensor => tf.slice(x, Array(x.rank).fill(0), sizes)

function checkManifest(
  { name: golden, manifest, weight, params, block }: Drawn,
  encoder: ImageEncoder,
): Row[] {
  const rows = Array.isArray(manifest) ? manifest : [...manifest.first, ...manifest.last]
  const parameters = encoder.parameters()
  const wrong = rows.filter(([name, shape, sum, first, last]) => {
    const values = weight(name, shape)
    const held = name.startsWith('fc.') || parameters[name]?.shape.join() === shape.join()
    const off = Math.abs(values.reduce((a, b) => a + b, 0) - sum)
    return !held || values[0] !== first || values.at(-1) !== last || !(off < 1e-6 + 1e-9 * values.length)
  })
  // Batch norm statistics are buffers, which torchvision's parameter count leaves out.
  const own = Object.entries(parameters).filter(([name]) => !name.includes('.running_'))
  const count = own.reduce((total, [, { size }]) => total + size, 0)
  const channels = parameters['layer4.0.conv1.weight']!.shape[0]! * (block === 'Bottleneck' ? 4 : 1)
  const missing = Math.abs(count + (channels + 1) * CLASSES - params)
  return [
    { name: `${golden}/manifest: names, shapes, values`, deviation: wrong.length, tolerance: 0 },
    { name: `${golden}/parameter count`, deviation: missing, tolerance: 0 },
  ]
}

async function checkStages(
  computer: Computer,
  golden: Drawn,
  encoder: ImageEncoder,
  file: TrackedTensors,
): Promise<Row[]> {
  const { name: own, input, weight, picture, stats } = golden
  const [batch] = input
  const config = encoder.config as CompleteResNetConfig
  const channels = resNetChannels(config)
  const names = file.names.filter(name => name.startsWith(`${own}/`))
  const keys = names.map(name => name.slice(own.length + 1))
  const inputs = {
    pixels: tf.transpose(tf.tensor4d(picture, input), [0, 2, 3, 1]) as tf.Tensor4D,
    weight: tf.tensor2d(weight('fc.weight', [CLASSES, channels]), [CLASSES, channels]),
    bias: tf.tensor1d(weight('fc.bias', [CLASSES])),
  }
  const program = computer.program(({ pixels, weight, bias }: typeof inputs) => {
    const stages = resNetStages(pixels, encoder.parameters(), config)
    const { summary, states } = encoder.apply({ pixels, present: tf.ones([batch]) })
    const map = tf.reshape(tf.transpose(states, [0, 2, 1]), [batch, -1, 7, 7])
    const wanted: Record<string, (shape: number[]) => tf.Tensor> = {
      pooled: () => summary,
      att: () => map,
      att_first64ch: shape => corner(map, shape),
      fc_logits_first32: ([, classes]) => corner(linear(summary, weight, bias), [batch, classes!]),
    }
    for (const [stage, x] of Object.entries(stages)) {
      // Channels first, as the file has them.
      wanted[`${stage}_slice`] = shape => corner(tf.transpose(x as tf.Tensor, [0, 3, 1, 2]), shape)
    }
    const known = keys.filter(key => wanted[key])
    const tensors = known.map(key => [key, wanted[key]!(file.shape(`${own}/${key}`))])
    return { ...stages, ...Object.fromEntries(tensors) }
  })
  const computed = await once(program, inputs)
  tf.dispose(inputs)

  const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs
  const tensors = keys.flatMap(key => {
    const actual = computed[key]
    if (!actual) return []
    const expected = file.tensor(`${own}/${key}`)
    // A slice's rounding is that of the whole map it was cut from.
    const whole = stats[key.replace('_slice', '')]?.max ?? 0
    const deviation =
      recorded[key.replace('_first64ch', '')]?.[0] ?? (key === 'layer4_slice' ? recorded['att']?.[0] : 0)
    const tolerance = forwardTolerance(Math.max(largestValue(expected.values), whole), deviation)
    return [compareTensor(`${own}/${key}`, actual, expected, tolerance)]
  })
  const statistics = STAGES.flatMap(stage => {
    const { sum, abs_sum, max, min } = stats[stage]!
    const tolerance = forwardTolerance(max, stage === 'layer4' ? recorded['att']?.[0] : 0)
    const { values } = computed[stage]!
    const found = statisticsOf(values)
    const expected = { mean: sum / values.length, 'mean of magnitudes': abs_sum / values.length, max, min }
    return Object.entries(expected).map(([what, value], i) => ({
      name: `${own}/stats.${stage}.${what}`,
      deviation: Math.abs(found[i]! - value),
      tolerance,
    }))
  })
  return [...tensors, ...statistics]
}

/** Mean, mean of magnitudes, maximum and minimum. */
function statisticsOf(values: ArrayLike<number>): number[] {
  // Added up in double precision: a float32 sum over a map of a million values rounds more than a convolution.
  let [total, magnitudes, max, min] = [0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    total += value
    magnitudes += Math.abs(value)
    max = Math.max(max, value)
    min = Math.min(min, value)
  }
  return [total / values.length, magnitudes / values.length, max, min]
}

/**
 * Checks the cases of a `resnet` golden folder: regions, summary, stages and logits.
 *
 * @param only names of the cases to check. @default every case
 * @throws Error for a name that is no case of the folder.
 */
export async function checkResNet(
  folder: string,
  computer: Computer,
  { only }: { only?: readonly string[] } = {},
): Promise<FolderReport> {
  const { global_seed: globalSeed, cases: all } = readJson<{ global_seed: number; cases: ResNetCase[] }>(
    join(folder, 'resnet.json'),
  )
  const unknown = only?.filter(name => !all.some(golden => golden.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`${folder} holds no case ${unknown.join(', ')}.`)
  const cases = all.filter(({ name }) => only?.includes(name) ?? true)
  const file = openTracked(join(folder, 'resnet.safetensors'))
  const rows: Row[] = []
  for (const golden of cases) {
    const bottleneck = golden.block === 'Bottleneck'
    const drawn: Drawn = {
      ...golden,
      weight: (name, shape) => resNetWeight(name, shape, { globalSeed, bottleneck }),
      picture: resNetPicture(golden.input, globalSeed),
    }
    const encoder = createResNetEncoder(
      { kind: 'resnet', block: bottleneck ? 'bottleneck' : 'basic', layers: golden.layers },
      { initialise: false },
    )
    for (const [name, variable] of Object.entries(encoder.parameters())) {
      const values = tf.tensor(drawn.weight(name, variable.shape), variable.shape)
      variable.assign(values)
      values.dispose()
    }
    rows.push(...checkManifest(drawn, encoder), ...(await checkStages(computer, drawn, encoder, file)))
    encoder.dispose()
  }
  const leftAside = all.filter(golden => !cases.includes(golden)).map(({ name }) => `${name}/`)
  const unmatched = file.unmatched().filter(name => !leftAside.some(prefix => name.startsWith(prefix)))
  return { folder, rows, unmatched, unused: file.leftOut() }
}

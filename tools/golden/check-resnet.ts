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
import { compareTensor, type FolderReport, forwardTolerance, largestValue, type Row } from './comparison'
import type { GoldenEngine } from './engine/golden-engine'
import { openTracked, readJson, type TrackedTensors } from './golden-files'
import { resNetPicture, resNetWeight } from './resnet-formula'

type ManifestRow = [name: string, shape: number[], sum: number, first: number, last: number]
interface StageStats {
  sum: number
  abs_sum: number
  max: number
  min: number
}
interface ResNetCase {
  name: string
  block: 'BasicBlock' | 'Bottleneck'
  layers: [number, number, number, number]
  input: [number, number, number, number]
  params: number
  stats: Record<string, StageStats>
  f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [number, number]>
  manifest: ManifestRow[] | { first: ManifestRow[]; last: ManifestRow[] }
}
interface Expected {
  global_seed: number
  cases: ResNetCase[]
}

/** torchvision's classifier, which is not part of the encoder: 1000 classes. */
const CLASSES = 1000

/** The maps whose statistics every case has. */
const STAGES = ['maxpool', 'layer1', 'layer2', 'layer3', 'layer4'] as const

const channelsFirst = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 3, 1, 2])

/** The first `sizes` of every axis. */
const corner = (x: tf.Tensor, sizes: number[]): tf.Tensor =>
  tf.slice(
    x,
    x.shape.map(() => 0),
    sizes,
  )

function checkManifest(golden: ResNetCase, globalSeed: number, encoder: ImageEncoder): Row[] {
  const bottleneck = golden.block === 'Bottleneck'
  const rows = Array.isArray(golden.manifest)
    ? golden.manifest
    : [...golden.manifest.first, ...golden.manifest.last]
  const parameters = encoder.parameters()
  const wrong = rows.filter(([name, shape, sum, first, last]) => {
    const values = resNetWeight(name, shape, { globalSeed, bottleneck })
    const held = name.startsWith('fc.') || parameters[name]?.shape.join() === shape.join()
    const total = values.reduce((a, b) => a + b, 0)
    return (
      !held ||
      values[0] !== first ||
      values.at(-1) !== last ||
      !(Math.abs(total - sum) < 1e-6 + 1e-9 * values.length)
    )
  })
  // Batch norm statistics are buffers, which torchvision's parameter count leaves out.
  const count = Object.entries(parameters)
    .filter(([name]) => !name.includes('.running_'))
    .reduce((total, [, { size }]) => total + size, 0)
  const channels = parameters['layer4.0.conv1.weight']!.shape[0]! * (bottleneck ? 4 : 1)
  return [
    { name: `${golden.name}/manifest: names, shapes, values`, deviation: wrong.length, tolerance: 0 },
    {
      name: `${golden.name}/parameter count`,
      deviation: Math.abs(count + (channels + 1) * CLASSES - golden.params),
      tolerance: 0,
    },
  ]
}

/** What is drawn for a case outside of the encoder: a picture and torchvision's classifier. */
const inputsOf = ({ block, input }: ResNetCase, globalSeed: number, channels: number) => {
  const draw = (name: string, shape: number[]): tf.Tensor =>
    tf.tensor(resNetWeight(name, shape, { globalSeed, bottleneck: block === 'Bottleneck' }), shape)
  const picture = tf.tensor4d(resNetPicture(input, globalSeed), input)
  return {
    pixels: tf.transpose(picture, [0, 2, 3, 1]) as tf.Tensor4D,
    weight: draw('fc.weight', [CLASSES, channels]) as tf.Tensor2D,
    bias: draw('fc.bias', [CLASSES]) as tf.Tensor1D,
  }
}

async function checkStages(
  engine: GoldenEngine,
  golden: ResNetCase,
  encoder: ImageEncoder,
  globalSeed: number,
  file: TrackedTensors,
): Promise<Row[]> {
  const [batch] = golden.input
  const config = encoder.config as CompleteResNetConfig
  const keys = file.names
    .filter(name => name.startsWith(`${golden.name}/`))
    .map(name => name.slice(golden.name.length + 1))
  const inputs = inputsOf(golden, globalSeed, resNetChannels(config))
  const computed = await engine.compute(({ pixels, weight, bias }: typeof inputs) => {
    const stages = resNetStages(pixels, encoder.parameters(), config)
    const { summary, states } = encoder.apply({ pixels, present: tf.ones([batch]) })
    const map = tf.reshape(tf.transpose(states, [0, 2, 1]), [batch, -1, 7, 7])
    const wanted: Record<string, (shape: number[]) => tf.Tensor> = {
      pooled: () => summary,
      att: () => map,
      att_first64ch: shape => corner(map, shape),
      fc_logits_first32: ([, classes]) => corner(linear(summary, weight, bias), [batch, classes!]),
      ...Object.fromEntries(
        Object.entries(stages).map(([stage, x]) => [
          `${stage}_slice`,
          (shape: number[]) => corner(channelsFirst(x), shape),
        ]),
      ),
    }
    const tensors = keys.flatMap(key => {
      const make = wanted[key]
      return make ? [[key, make(file.shape(`${golden.name}/${key}`))] as const] : []
    })
    return { ...stages, ...Object.fromEntries(tensors) }
  }, inputs)
  tf.dispose(inputs)

  const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs
  const tensors = keys.flatMap(key => {
    const actual = computed[key]
    if (!actual) return []
    const name = `${golden.name}/${key}`
    const expected = file.tensor(name)
    // A slice's rounding is that of the whole map it was cut from.
    const whole = golden.stats[key.replace('_slice', '')]?.max ?? 0
    const deviation =
      recorded[key.replace('_first64ch', '')]?.[0] ?? (key === 'layer4_slice' ? recorded['att']?.[0] : 0)
    const tolerance = forwardTolerance(Math.max(largestValue(expected.values), whole), deviation)
    return [compareTensor(name, actual, expected, tolerance)]
  })
  const statistics = STAGES.flatMap(stage => {
    const { sum, abs_sum, max, min } = golden.stats[stage]!
    const tolerance = forwardTolerance(max, stage === 'layer4' ? recorded['att']?.[0] : 0)
    const { values } = computed[stage]!
    const size = values.length
    const found = statisticsOf(values)
    const expected = [sum / size, abs_sum / size, max, min]
    return ['mean', 'mean of magnitudes', 'max', 'min'].map((name, i) => ({
      name: `${golden.name}/stats.${stage}.${name}`,
      deviation: Math.abs(found[i]! - expected[i]!),
      tolerance,
    }))
  })
  return [...tensors, ...statistics]
}

/** Mean, mean of magnitudes, maximum and minimum. */
function statisticsOf(values: ArrayLike<number>): number[] {
  // Added up in double precision: a float32 sum over a map of a million values rounds more than a convolution.
  let total = 0
  let magnitudes = 0
  let max = Number.NEGATIVE_INFINITY
  let min = Number.POSITIVE_INFINITY
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
  engine: GoldenEngine,
  { only }: { only?: readonly string[] } = {},
): Promise<FolderReport> {
  const { global_seed: globalSeed, cases: all } = readJson<Expected>(join(folder, 'resnet.json'))
  const unknown = only?.filter(name => !all.some(golden => golden.name === name)) ?? []
  if (unknown.length > 0) throw new Error(`${folder} holds no case ${unknown.join(', ')}.`)
  const cases = all.filter(({ name }) => only?.includes(name) ?? true)
  const file = openTracked(join(folder, 'resnet.safetensors'))
  const rows: Row[] = []
  for (const golden of cases) {
    const bottleneck = golden.block === 'Bottleneck'
    const encoder = createResNetEncoder(
      { kind: 'resnet', block: bottleneck ? 'bottleneck' : 'basic', layers: golden.layers },
      { initialise: false },
    )
    for (const [name, variable] of Object.entries(encoder.parameters())) {
      const values = tf.tensor(resNetWeight(name, variable.shape, { globalSeed, bottleneck }), variable.shape)
      variable.assign(values)
      values.dispose()
    }
    rows.push(...checkManifest(golden, globalSeed, encoder))
    rows.push(...(await checkStages(engine, golden, encoder, globalSeed, file)))
    encoder.dispose()
  }
  const leftAside = all.filter(golden => !cases.includes(golden)).map(({ name }) => `${name}/`)
  const unmatched = file.unmatched().filter(name => !leftAside.some(prefix => name.startsWith(prefix)))
  return { folder, rows, unmatched, unused: file.leftOut() }
}

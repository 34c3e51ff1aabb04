import { join } from 'node:path'
import { publishedExchanges, swapNegatives } from '@mafjs/match'
import {
  buildMaf,
  clipPerTensor,
  createBertAdam,
  fromPublishedName,
  isUnusedInPublished,
  type Maf,
  type MafConfig,
  type MafOutputs,
  publishedSchedule,
  referenceConfig,
} from '@mafjs/ner-maf'
import { assignParameters, valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import {
  compareTensor,
  type FolderReport,
  forwardTolerance,
  gradientTolerance,
  largestValue,
  lossTolerance,
  type Row,
} from './comparison'
import { openTracked, readJson, type TrackedTensors } from './golden-files'

interface Hyper {
  temp: number
  temp_lamb: number
  lamb: number
  negative_rate: number | null
}
type Losses = Record<(typeof LOSSES)[number], number>
interface Expected {
  config: Record<string, number> & { hidden_act: string }
  labels: string[]
  lengths: number[]
  hyper: Hyper
  losses: Losses
  losses_f32_run: Losses
  decoded_eval: number[][]
  params_without_grad: string[]
  extra_losses: { hyper: Hyper; losses: Losses; match_labels: number[] }[]
  bertadam: {
    lr: number
    warmup: number
    t_total: number
    b1: number
    b2: number
    e: number
    max_grad_norm: number
    weight_decay: number
    steps: number
    trajectory: { step: number; losses_before_step: Losses }[]
    losses_after_last_step: Losses
    f32_run_totals: number[]
  }
  f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [number, number]>
  grad_f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [number, number]>
}

const LOSSES = [
  'total',
  'main_crf_nll',
  'matching_ce',
  'contrastive',
  'text_to_image_sum',
  'image_to_text_sum',
] as const
const TIE = 1e-4

/** The batch of a golden folder as the model reads it. */
interface Batch {
  text: { ids: tf.Tensor2D; mask: tf.Tensor2D }
  image: { states: tf.Tensor3D; summary: tf.Tensor2D; mask: tf.Tensor2D }
  labels: tf.Tensor2D
}

function readBatch(inputs: TrackedTensors): Batch {
  const integers = (name: string): tf.Tensor2D =>
    tf.tensor2d(inputs.values(name), inputs.shape(name) as [number, number], 'int32')
  if (inputs.values('segment_ids').some(id => id !== 0)) {
    throw new Error('segment_ids must all be 0: MAF reads one sentence per post.')
  }
  const ids = integers('input_ids')
  const mask = tf.cast(integers('input_mask'), 'float32') as tf.Tensor2D
  const [batch, channels, height, width] = inputs.shape('img_att_u8') as [number, number, number, number]
  const regions = height * width
  // The feature map is stored as integers, 64 times too large, channels first.
  const map = tf.div(tf.tensor(inputs.values('img_att_u8'), [batch, channels, regions]), 64)
  const states = tf.transpose(map, [0, 2, 1]) as tf.Tensor3D
  // The published code masks regions by the FIRST columns of its joint mask.
  const joint = tf.cast(integers('added_input_mask'), 'float32')
  return {
    text: { ids, mask },
    image: {
      states,
      summary: tf.mean(states, 1) as tf.Tensor2D,
      mask: tf.slice(joint, [0, 0], [batch, regions]) as tf.Tensor2D,
    },
    labels: integers('label_ids'),
  }
}

function configOf(
  { config, labels }: Expected,
  imageSize: number,
  { temp, temp_lamb, lamb }: Hyper,
): MafConfig {
  if (config.hidden_act !== 'gelu')
    throw new Error(`hidden_act must be gelu. Received: ${config.hidden_act}.`)
  if (config.dropout !== 0) throw new Error(`dropout must be 0. Received: ${config.dropout}.`)
  return referenceConfig({
    labels,
    imageSize,
    tokens: config.seq_len!,
    crossLayers: config.cross_layers,
    dropout: 0,
    temperature: temp,
    textToImageWeight: temp_lamb,
    lossWeight: lamb,
    textEncoder: {
      kind: 'bert',
      vocabSize: config.vocab_size!,
      hidden: config.hidden_size!,
      layers: config.num_hidden_layers!,
      heads: config.num_attention_heads!,
      intermediate: config.intermediate_size!,
      maxPositions: config.max_position_embeddings!,
      typeVocabSize: config.type_vocab_size!,
      layerNormEpsilon: config.layer_norm_eps!,
      hiddenDropout: 0,
      attentionDropout: 0,
      summary: 'pooler',
    },
  })
}

function loadWeights(model: Maf, weights: TrackedTensors): Map<string, string> {
  const publishedNames = new Map<string, string>()
  tf.tidy(() => {
    const values: Record<string, tf.Tensor> = {}
    for (const name of weights.names) {
      const ours = fromPublishedName(name)
      if (ours) {
        values[ours] = tf.tensor(weights.values(name), weights.shape(name))
        publishedNames.set(ours, name)
      } else if (isUnusedInPublished(name)) weights.leaveOut(name)
    }
    const { extra } = assignParameters(model.parameters(), values)
    if (extra.length > 0) throw new Error(`The model has no place for ${extra.join(', ')}.`)
  })
  return publishedNames
}

/** One training-mode forward pass with the published exchanges. */
function trainingPass(model: Maf, batch: Batch, { negative_rate }: Hyper): MafOutputs {
  const exchanges = publishedExchanges(batch.labels.shape[0], negative_rate)
  return model.apply({ ...batch, exchanges }, { training: true })
}

function lossesOf({ losses, alignment }: MafOutputs): Losses {
  const number = (scalar: tf.Scalar | undefined): number => scalar!.dataSync()[0]!
  return {
    total: number(losses?.total),
    main_crf_nll: number(losses?.tagging),
    matching_ce: number(losses?.matching),
    contrastive: number(losses?.alignment),
    text_to_image_sum: number(alignment?.textToImageSum),
    image_to_text_sum: number(alignment?.imageToTextSum),
  }
}

function compareLosses(name: string, actual: Losses, expected: Losses, recorded?: Partial<Losses>): Row[] {
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

function compareOutputs(
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

async function compareDecodes(model: Maf, { emissions, mask }: MafOutputs, golden: number[][]): Promise<Row> {
  const lattice = await model.parts.crf.lattice({ emissions, mask })
  const { paths, scores } = await model.parts.crf.decode({ emissions, mask })
  const scoreOf = (path: number[], sentence: number): number =>
    path.reduce((score, label, t) => {
      const before =
        t === 0 ? lattice.start[label]! : lattice.transitions[path[t - 1]! * lattice.labels + label]!
      return score + before + lattice.emissions[(sentence * lattice.positions + t) * lattice.labels + label]!
    }, lattice.end[path.at(-1)!]!)
  const differing = paths.filter((path, i) => {
    if (path.length !== golden[i]!.length) return true
    return scores[i]! - scoreOf(golden[i]!, i) > TIE
  })
  const ties = paths.filter((path, i) => path.join() !== golden[i]!.join()).length - differing.length
  return {
    name: 'decoded_eval',
    deviation: differing.length + Math.abs(paths.length - golden.length),
    tolerance: 0,
    note: ties > 0 ? `${ties} of ${paths.length} sentences tie within ${TIE}` : undefined,
  }
}

function compareGradients(
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

async function compareTrajectory(
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
    const recorded = { total: bertadam.f32_run_totals[step] }
    rows.push(...compareLosses(`bertadam/step${step}`, actual!, losses, recorded))
    if (step < bertadam.steps) await optimizer.update(gradients)
    tf.dispose([value, gradients])
  }
  const parameters = model.parameters()
  const ourNames = new Map([...publishedNames].map(([ours, published]) => [published, ours]))
  for (const name of expected.names.filter(name => name.startsWith('after_steps/'))) {
    const variable = parameters[ourNames.get(name.slice('after_steps/'.length)) ?? '']
    if (variable) {
      rows.push(compareTensor(name, variable.dataSync(), expected.values(name), 0.1 * bertadam.lr))
    }
  }
  return rows
}

/** Checks a model golden folder: every tensor, loss, gradient, decode and optimiser step in it. */
export async function checkModel(folder: string): Promise<FolderReport> {
  const golden = readJson<Expected>(join(folder, 'expected.json'))
  const weights = openTracked(join(folder, 'weights.safetensors'))
  const expected = openTracked(join(folder, 'expected.safetensors'))
  const grads = openTracked(join(folder, 'grads.safetensors'))
  const inputs = openTracked(join(folder, 'inputs.safetensors'))
  const batch = readBatch(inputs)
  const imageSize = batch.image.summary.shape[1]
  const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs
  const rows: Row[] = []

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
    rows.push(await compareDecodes(model, evaluation, golden.decoded_eval))
    rows.push(...compareGradients(model, batch, golden, grads, names))
    // Last: it changes the weights.
    rows.push(...(await compareTrajectory(model, batch, golden, expected, names)))
  })
  for (const [i, { hyper, losses, match_labels }] of golden.extra_losses.entries()) {
    await withModel(hyper, model => {
      const outputs = trainingPass(model, batch, hyper)
      const name = `extra_losses[${i}]`
      rows.push(...compareLosses(name, lossesOf(outputs), losses))
      const labels = outputs.matching!.labels.dataSync()
      rows.push(compareTensor(`${name}.match_labels`, labels, match_labels, 0))
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

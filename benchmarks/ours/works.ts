import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contrastiveLoss } from '@mafjs/align'
import { exportOnnx, type OptimizerSpec, openOnnx, type ThreadOptions } from '@mafjs/compile'
import { leavesOf, useBackend } from '@mafjs/compile/engine'
import { crfLogLikelihood } from '@mafjs/crf'
import { loadPicture, tokenizerFromVocab } from '@mafjs/encoders'
import { createMafProgram, createQuantizedProgram, type Maf, type MafInputs } from '@mafjs/ner-maf'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import {
  type Applied,
  type Computer,
  compiledComputer,
  eagerComputer,
  once,
  type Values,
} from '../../tools/engine/computer'
import { useWebGpu } from '../../tools/engine/web-gpu'
import type { Arrays } from '../files/tensor-file'
import type { Settings, WorkSpec } from '../protocol'
import { loadScalePrediction, loadScaleTraining } from '../scale/work'
import { createCnn } from './cnn'
import { loadEpoch } from './epoch'
import { batchArrays, loadModel, type RaceBatch, readBatches } from './read-inputs'

/** A work that is loaded. */
export interface Work {
  /** Does it once; works of several batches take the next one. */
  run(): Promise<unknown>
  /** What it computes with dropout off, by the names both sides use. */
  compare(): Promise<Record<string, Values>>
  /** Of an epoch: the steps it has. */
  steps?: number
}

/** Updates after which the loss is compared, so that the optimisers are too; PyTorch's side has the same number. */
const UPDATES_COMPARED = 2

const SEED = 37

const under = (prefix: string, values: Readonly<Record<string, Values>>): Record<string, Values> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]))

const scalar = (value: number): Values => ({ shape: [], values: [value] })

const sessionOf = ({ threads, spinning, worker, executionProvider, profile }: Settings): ThreadOptions => ({
  threads: Number(threads),
  spinning: spinning !== 'off',
  worker: worker === 'on',
  ...(executionProvider !== undefined && { executionProvider: String(executionProvider) }),
  ...(profile !== undefined && { profile: String(profile) }),
})

/** What is raced, ONNX Runtime; or plain tfjs, slow and the judge of what the first computes. */
async function startComputer(settings: Settings): Promise<Computer> {
  const { engine, backend } = settings
  if (engine === 'compiled') {
    // Where the variables lie; nothing is computed there.
    await useBackend('cpu')
    return compiledComputer(sessionOf(settings))
  }
  if (engine !== 'eager') throw new Error(`Unknown engine "${engine}"; known: compiled, eager.`)
  if (backend === 'webgpu') await useWebGpu()
  else await useBackend('auto')
  return eagerComputer()
}

/** The optimiser that goes with a model: the published one for the published model, else AdamW. */
const optimizerOf = ({ config }: Maf): OptimizerSpec =>
  config.steps === 'pieces'
    ? { kind: 'bert-adam', learningRate: 5e-5, clipping: { kind: 'per-tensor', limit: 1 } }
    : { kind: 'adamw', learningRate: 5e-5, clipping: { kind: 'global-norm', limit: 1 } }

/** Training steps: forward, backward, clip, update. */
async function training(computer: Computer, model: Maf, batches: readonly RaceBatch[]): Promise<Work> {
  const lossOf = (inputs: MafInputs, options: Applied) => ({ ...model.apply(inputs, options).losses! })
  const parameters = model.parameters()
  const inputs = batches.map(batch => computer.inputs<MafInputs>(batch))
  const trained = await computer.training(lossOf, parameters, optimizerOf(model))
  let step = 0
  return {
    run: async () => {
      await trained.run(inputs[step % inputs.length]!, { seed: SEED, step })
      step += 1
    },
    compare: async () => {
      const [batch] = inputs as [MafInputs]
      const plain = (given: MafInputs) => lossOf(given, { checkValues: false })
      // Without labels there is no loss: outputs alone.
      const { labels: _, ...unlabelled } = batch
      const outputs = computer.program((given: MafInputs): Record<string, Tensor> => {
        const { emissions, matching } = model.apply(given)
        return { emissions, ...(matching && { match: matching.probability }) }
      })
      const compared = await once(outputs, unlabelled)
      const { losses, gradients } = await once(computer.gradients(plain, parameters), batch)
      for (const [name, loss] of Object.entries(losses)) compared[`losses/${name}`] = scalar(loss)
      const updates = await computer.training(plain, parameters, optimizerOf(model))
      for (let count = 0; count <= UPDATES_COMPARED; count++) {
        // A step tells the loss before its own update.
        const { total } = await updates.run(batch, { seed: SEED, step: count })
        if (count > 0) compared[`losses/after ${count} updates`] = scalar(total!)
      }
      return { ...compared, ...under('gradients', gradients) }
    },
  }
}

/** A model of text alone as it is exported for a profile. */
async function exportedProgram(model: Maf, profile: 'latency', session: ThreadOptions) {
  const tokens = { shape: ['batch', 'tokens'] }
  const words = { shape: ['batch', 'words'] }
  const bytes = await exportOnnx(
    (inputs: MafInputs) => ({ emissions: model.apply(inputs).emissions }),
    {
      text: { ids: { ...tokens, dtype: 'int32' }, mask: tokens },
      ...{ firstPieces: { shape: ['batch', 'words', 'tokens'] }, wordMask: words },
    },
    { largest: { tokens: model.parts.textEncoder.config.maxPositions }, profile },
  )
  const opened = await openOnnx(bytes, session)
  return {
    run: (inputs: object) =>
      opened.run(
        Object.fromEntries(leavesOf(inputs).map(({ path, data, shape }) => [path, { data: data!, shape }])),
      ),
  }
}

/** A model up to the emissions: one session for every number of posts and every length. */
async function inference(
  model: Maf,
  batch: RaceBatch,
  { precision, profile }: WorkSpec,
  settings: Settings,
): Promise<Work> {
  const { labels: _, exchanges: __, ...inputs } = batch
  const pictureSize = inputs.image && 'pixels' in inputs.image ? inputs.image.pixels.shape[1] : undefined
  const session = sessionOf(settings)
  if (precision === 'int8' && settings['engine'] === 'eager') throw new Error('The eager engine has no int8.')
  const isEager = settings['engine'] === 'eager'
  const engine = isEager
    ? { name: 'tfjs' as const, backend: tf.getBackend() }
    : { name: 'onnx' as const, session }
  const program =
    precision === 'int8'
      ? await createQuantizedProgram(model, { pictureSize, calibration: [inputs], session })
      : profile
        ? await exportedProgram(model, profile, session)
        : createMafProgram(model, engine)
  return {
    run: () => program.run(inputs),
    compare: async () => {
      const results = Object.entries(await program.run(inputs))
      return Object.fromEntries(
        results.map(([name, { shape, data }]) => [name, { shape, values: data as Float32Array }]),
      )
    },
  }
}

type Tensors = Record<string, Tensor>

/** A loss of some tensors, and those of them that it is differentiated by. */
const LOSSES: Record<
  'contrastive' | 'crf',
  { by: string[]; of(work: WorkSpec): (tensors: Tensors) => tf.Scalar }
> = {
  contrastive: {
    by: ['text', 'image'],
    of:
      ({ temperature, textToImageWeight }) =>
      tensors =>
        contrastiveLoss({
          ...(tensors as never as { text: tf.Tensor2D; image: tf.Tensor2D }),
          temperature,
          textToImageWeight,
        }).loss,
  },
  crf: {
    by: ['emissions', 'start', 'end', 'transitions'],
    of: () => tensors =>
      tf.neg(tf.mean<tf.Scalar>(crfLogLikelihood(tensors as never, { checkValues: false }))),
  },
}

/** A loss with its gradient. */
function lossAndGradient(computer: Computer, batch: Arrays, work: WorkSpec, kind: keyof typeof LOSSES): Work {
  const { by, of } = LOSSES[kind]
  const loss = of(work)
  const named = (prefix: string, tensors: readonly Tensor[]): Tensors =>
    Object.fromEntries(tensors.map((tensor, i) => [prefix + by[i]!, tensor]))
  const program = computer.program((tensors: Tensors) => {
    const { value, grads } = tf.valueAndGrads((...given) => loss({ ...tensors, ...named('', given) }))(
      by.map(name => tensors[name]!),
    )
    return { loss: value, ...named('gradients/', grads) }
  })
  const inputs = computer.inputs<Tensors>(batch)
  return { run: () => program.run(inputs), compare: () => program.run(inputs) }
}

/** A convolutional network: its loss, its gradients, or a training step. */
async function cnn(computer: Computer, batch: Arrays, { network, part }: WorkSpec): Promise<Work> {
  const { parameters, loss } = createCnn(network!)
  const inputs = computer.inputs<{ pixels: tf.Tensor4D }>({ pixels: batch['pixels']! })
  const total = (given: typeof inputs) => ({ total: loss(given) })
  const compare = async (): Promise<Record<string, Values>> => {
    const { losses, gradients } = await once(computer.gradients(total, parameters), inputs)
    return { loss: scalar(losses['total']!), ...under('gradients', gradients) }
  }
  if (part === 'step') {
    const trained = await computer.training(total, parameters, { kind: 'adamw', learningRate: 1e-4 })
    let step = 0
    return { run: () => trained.run(inputs, { seed: 1, step: step++ }), compare }
  }
  const made = part === 'forward' ? computer.program(total) : computer.gradients(total, parameters)
  return { run: () => made.run(inputs), compare }
}

/** Decodes a picture and cuts a text into pieces; the tokenizer remembers no word, as if all were new. */
async function preprocess(folder: string, stem: string): Promise<Work> {
  const { vocab, words } = JSON.parse(await readFile(join(folder, `${stem}.json`), 'utf8'))
  const picture = await readFile(join(folder, `${stem}.jpg`))
  const tokenizer = tokenizerFromVocab(vocab, { lowercase: false, cacheSize: 0 })
  return {
    run: async () => {
      await loadPicture(picture)
      tokenizer.encodeWords(words)
    },
    compare: () => Promise.reject(new Error('Preprocessing has nothing to be compared with.')),
  }
}

/** Loads a work on the engine of the settings. */
export async function loadWork(work: WorkSpec, folder: string, settings: Settings): Promise<Work> {
  const { kind } = work
  if (kind === 'preprocess') return preprocess(folder, work.inputs)
  if (kind === 'scale-train') return loadScaleTraining(folder, work.scale!)
  if (kind === 'scale-predict') return loadScalePrediction(folder, work.scale!)
  if (kind === 'epoch') return loadEpoch(work, folder, settings)
  const computer = await startComputer(settings)
  const batches = readBatches(folder, work.inputs) as [Arrays, ...Arrays[]]
  if (kind === 'cnn') return cnn(computer, batches[0], work)
  if (kind === 'contrastive' || kind === 'crf') return lossAndGradient(computer, batches[0], work, kind)
  const model = await loadModel(folder, work, !('pixels' in batches[0]))
  const inputs = batches.map(batchArrays)
  return kind === 'train' ? training(computer, model, inputs) : inference(model, inputs[0]!, work, settings)
}

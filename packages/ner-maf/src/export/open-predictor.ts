import { join } from 'node:path'
import type { Engine } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import { digestFile, digestOf, exists, readWhole } from '@mafjs/tensor/files'
import { modelDigest } from '@mafjs/train'
import type { CheckpointConfig } from '../checkpoint/checkpoint'
import { findModel } from '../checkpoint/find-model'
import { type LoadCheckpointOptions, loadCheckpoint } from '../checkpoint/load-checkpoint'
import type { MafParts } from '../model/maf'
import type { TaggingModel } from '../task/decode-posts'
import { MAPS } from '../task/maf-outputs'
import { createMafProgram } from '../task/maf-program'
import type { TagOptions } from '../task/tag'
import { EXPORT_FILES } from './export-config'
import { loadExport, readExportConfig } from './load-export'
import { isExport } from './write-export'

/** Where an export stands that belongs to a checkpoint: in a folder of its own within it. */
const BESIDE = 'onnx'

/** A model that is ready to tag posts, whatever it was loaded from. */
export interface Predictor extends Pick<TagOptions, 'program' | 'tokenizer'> {
  /** An export's has nothing but its CRF. */
  model: TaggingModel & { parts: Partial<Omit<MafParts, 'crf'>> }
  /** Computes maps, too, where it can; made when it first runs. */
  explaining: TagOptions['program']
  config: Pick<CheckpointConfig, 'model' | 'preprocessing' | 'training'>
  /** Tensors of a checkpoint that the model has no place for. */
  extra: string[]
  /** SHA-256 that tells it from every other model, and an export from the model it was made of. */
  digest: string
  /** Sentences for a person: which form of the model runs, where there is a choice. */
  notes: string[]
  /** Whether it has a place for one picture of each post, as exports once had. */
  single: boolean
  /** Frees the model and what runs it; nothing may be under way. */
  dispose(): Promise<void>
}

/** How a model is opened. */
export interface OpenPredictorOptions extends LoadCheckpointOptions {
  /** Whether an export of a checkpoint runs in its place where it lies in it. @default true */
  beside?: boolean | undefined
}

/**
 * Opens a model by its folder, its package or its name on the hub: an exported model where there is one that the engine can run,
 * else the checkpoint.
 *
 * @throws InvalidArgumentError for a folder that is neither whole, or an exported model on the engine tfjs.
 */
export async function openPredictor(
  name: string,
  engine: Engine,
  { beside = true, ...options }: OpenPredictorOptions = {},
): Promise<Predictor> {
  const folder = await findModel(name)
  // What the folder is, whether its export belongs to it, and the export: all of one folder, or all again.
  const found = await readWhole(
    folder,
    place => openFound(place, folder, engine, beside),
    ({ predictor }) => predictor?.dispose(),
  )
  return found.predictor ?? openCheckpoint(folder, engine, options, found.notes)
}

/** An exported model, or why there is none. */
interface Found {
  predictor?: Predictor
  notes: string[]
}

async function openFound(place: string, folder: string, engine: Engine, beside: boolean): Promise<Found> {
  if (await isExport(place)) {
    if (engine.name === 'onnx') return openExport(place, engine.session, [])
    throw new InvalidArgumentError({
      argument: 'model folder',
      rule: 'must be a checkpoint for the engine tfjs',
      received: `${folder}, an exported model`,
      fix: 'Ask for the engine onnx (npm install onnxruntime-node), or give the checkpoint it was made of.',
    })
  }
  if (engine.name !== 'onnx' || !beside) return { notes: [] }
  const [name, there] = [folder, place].map(parent => join(parent, BESIDE)) as [string, string]
  if (!(await exists(there))) return { notes: [] }
  return readWhole(
    there,
    async (beside): Promise<Found> => {
      if (!(await isExport(beside))) {
        const isOther = await exists(join(beside, EXPORT_FILES.config))
        return { notes: isOther ? [`${name} holds a model of another kind and is not used.`] : [] }
      }
      const { source } = await readExportConfig(beside)
      if (source === (await modelDigest(place))) {
        return openExport(beside, engine.session, [`The export in ${name} runs.`])
      }
      const note = `The export in ${name} was made of an earlier checkpoint and is not used: export it again.`
      return { notes: [note] }
    },
    ({ predictor }) => predictor?.dispose(),
  )
}

async function openCheckpoint(
  folder: string,
  engine: Engine,
  options: LoadCheckpointOptions,
  notes: string[],
): Promise<Predictor> {
  const { model, tokenizer, config, extra, digest } = await readWhole(
    folder,
    async place => ({ ...(await loadCheckpoint(place, options)), digest: await digestAt(place) }),
    ({ model }) => model.dispose(),
  )
  const program = createMafProgram(model, engine)
  const explaining = createMafProgram(model, engine, { maps: MAPS })
  return {
    ...{ model, program, explaining, tokenizer, config, extra, digest, notes, single: false },
    dispose: async () => {
      await Promise.all([program.dispose(), explaining.dispose()])
      model.dispose()
    },
  }
}

/** Tells a model's files from those of every other one. */
const digestAt = async (place: string, weights?: string): Promise<string> =>
  digestOf([await modelDigest(place, weights), await digestFile(join(place, 'tokenizer.json'))])

type OnnxSession = Extract<Engine, { name: 'onnx' }>['session']

async function openExport(folder: string, session: OnnxSession, notes: string[]): Promise<Found> {
  const { notes: onInt8, onnxImage, model, ...loaded } = await loadExport(folder, session)
  const predictor: Predictor = {
    ...loaded,
    model: { ...model, parts: { ...model.parts, onnxImage } },
    extra: [],
    digest: await digestAt(folder, EXPORT_FILES.model),
    notes: [...notes, ...onInt8],
    dispose: loaded.program.dispose,
  }
  return { predictor, notes }
}

import { InvalidArgumentError } from '@mafjs/tensor'
import type { Preprocessing } from '../checkpoint/checkpoint'
import { type LoadCheckpointOptions, loadCheckpoint } from '../checkpoint/load-checkpoint'
import { createRunner } from '../engine/create-runner'
import type { ModelRunner } from '../engine/model-runner'
import { openPictureEncoder } from '../engine/open-picture-encoder'
import type { Engine } from '../engine/use-engine'
import type { PictureEncoder } from '../model/picture-encoder'
import type { TaggerOptions, TaggingModel } from '../predict/tag-posts'
import { findExport } from './find-export'
import { loadExport } from './load-export'

/** A model that is ready to tag posts, whatever it was loaded from. */
export interface Predictor {
  model: TaggingModel
  runner: ModelRunner
  tokenizer: TaggerOptions['tokenizer']
  preprocessing: Preprocessing
  /** Tensors of a checkpoint that the model has no place for. */
  extra: string[]
  /** Sentences for a person: which form of the model runs, where there is a choice. */
  notes: string[]
  /**
   * The image encoder by itself, for posts with several pictures.
   *
   * @throws InvalidArgumentError for an exported model, which encodes one picture of each post.
   */
  encoder(): Promise<PictureEncoder>
  /** Frees the model at once, and what runs it after the calls under way. */
  dispose(): Promise<void>
}

/**
 * Opens an exported model where there is one that the engine can run, else the checkpoint.
 *
 * @throws InvalidArgumentError for a folder that is neither whole, or an exported model on the engine tfjs.
 */
export async function openPredictor(
  folder: string,
  engine: Engine,
  options: LoadCheckpointOptions = {},
): Promise<Predictor> {
  const found = await findExport(folder)
  const openModel = (...notes: string[]) => openCheckpoint(folder, engine, options, notes)
  if (!found) return openModel()
  if (found.kind === 'itself') {
    if (engine.name === 'onnx') return openExport(found.folder, engine.session, [])
    throw new InvalidArgumentError({
      argument: 'model folder',
      rule: 'must be a checkpoint for the engine tfjs',
      received: `${folder}, an exported model`,
      fix: 'Ask for the engine onnx (npm install onnxruntime-node), or give the checkpoint it was made of.',
    })
  }
  if (engine.name !== 'onnx') return openModel()
  if (!found.isStale) return openExport(found.folder, engine.session, [`The export in ${found.folder} runs.`])
  const note = `The export in ${found.folder} was made of an earlier checkpoint and is not used: export it again.`
  return openModel(note)
}

async function openCheckpoint(
  folder: string,
  engine: Engine,
  options: LoadCheckpointOptions,
  notes: string[],
): Promise<Predictor> {
  const { model, tokenizer, config, extra } = await loadCheckpoint(folder, options)
  const runner = createRunner(model, engine)
  let encoder: PictureEncoder | undefined
  return {
    model,
    runner,
    tokenizer,
    preprocessing: config.preprocessing,
    extra,
    notes,
    async encoder() {
      encoder ??= openPictureEncoder(model.parts, engine)
      return encoder
    },
    dispose: async () => {
      model.dispose()
      await runner.dispose()
      await encoder?.dispose()
    },
  }
}

type OnnxSession = Extract<Engine, { name: 'onnx' }>['session']

async function openExport(folder: string, session: OnnxSession, notes: string[]): Promise<Predictor> {
  const { model, runner, tokenizer, config, notes: onInt8 } = await loadExport(folder, session)
  return {
    model,
    runner,
    tokenizer,
    preprocessing: config.preprocessing,
    extra: [],
    notes: [...notes, ...onInt8],
    async encoder() {
      throw new InvalidArgumentError({
        argument: 'images',
        rule: 'must be one picture for an exported model, which encodes one of each post',
        received: 'a post with several',
        fix: 'Use the checkpoint folder without its export, or give one picture.',
      })
    },
    dispose: async () => {
      model.parts.crf.dispose()
      await runner.dispose()
    },
  }
}

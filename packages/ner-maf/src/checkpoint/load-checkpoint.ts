import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assignWeights, numbersIn, type Weights, type WordTokenizer } from '@mafjs/encoders'
import { createOnnxImage, ONNX_IMAGE_FILE } from '@mafjs/encoders/onnx'
import { InvalidArgumentError, withNumbersOf } from '@mafjs/tensor'
import { readWhole } from '@mafjs/tensor/files'
import { damagedUnless, parseJson } from '@mafjs/tensor/json'
import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import { buildMaf } from '../model/build-maf'
import type { Maf } from '../model/maf'
import { assertOwnParts, type OwnParts } from '../model/own-parts'
import { assertCheckpointConfig } from './check-config'
import type { CheckpointConfig } from './checkpoint'
import { findModel } from './find-model'
import { tokenizerOf } from './tokenizer-of'

/** A model ready to use, with everything that prepares its inputs. */
export interface LoadedCheckpoint {
  model: Maf
  config: CheckpointConfig
  tokenizer: WordTokenizer
  /** Tensors of the file that the model has no place for. */
  extra: string[]
}

async function readFrom(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name))
  } catch (error) {
    throw new InvalidArgumentError({
      argument: 'model folder',
      rule: `must hold a readable ${name}`,
      received: `${folder} (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      fix: 'Give the folder of a trained model.',
    })
  }
}

const DAMAGED = 'The file is damaged; train or copy the model again.'

const readJson = async (folder: string, name: string): Promise<object> =>
  parseJson((await readFrom(folder, name)).toString(), join(folder, name), { fix: DAMAGED })

/**
 * Reads what a checkpoint says of itself.
 *
 * @throws InvalidArgumentError for a folder of another kind, or a file that is damaged.
 */
export async function readCheckpointConfig(place: string): Promise<CheckpointConfig> {
  const config = await readJson(place, 'config.json')
  assertCheckpointConfig(config, join(place, 'config.json'))
  return config
}

async function readWeights(folder: string, name: string): Promise<Weights> {
  const { tensors } = readSafetensors(await readFrom(folder, name), join(folder, name))
  const weights = Object.entries(tensors).map(([key, stored]) => [
    key,
    // Decoded one at a time, when it is assigned: a large model is not held twice.
    { dtype: stored.dtype, shape: stored.shape, values: () => toFloat32(stored) },
  ])
  return Object.fromEntries(weights) as Weights
}

/** What a checkpoint does not hold. */
export interface LoadCheckpointOptions {
  /** Make the modules that are the model's maker's own: those that it was trained with. */
  parts?: OwnParts | undefined
}

/**
 * Loads a checkpoint that `saveCheckpoint` wrote: its folder, an installed package, or a name on the hub.
 *
 * @throws InvalidArgumentError naming the file that is missing or damaged, every tensor that does not fit, or the part
 * that is needed.
 */
export async function loadCheckpoint(
  name: string,
  { parts = {} }: LoadCheckpointOptions = {},
): Promise<LoadedCheckpoint> {
  const folder = await findModel(name)
  const { place, config, definition, weights, onnxImage } = await readWhole(folder, async place => {
    const config = await readCheckpointConfig(place)
    const definition = await readJson(place, 'tokenizer.json')
    const { imageEncoder } = config.model
    const onnxImage =
      imageEncoder?.kind === 'onnx'
        ? createOnnxImage(await readFrom(place, ONNX_IMAGE_FILE), imageEncoder, join(place, ONNX_IMAGE_FILE))
        : undefined
    const weights = await readWeights(place, 'model.safetensors')
    return { place, config, definition, weights, onnxImage }
  })
  assertOwnParts(config.model, parts)
  const model = damagedUnless(join(place, 'config.json'), 'must describe a model', () =>
    withNumbersOf(numbersIn(weights), () => buildMaf(config.model, { onnxImage, parts, initialise: false })),
  )
  try {
    const tokenizer = tokenizerOf(definition, config, place)
    const { extra } = assignWeights(model.parameters(), weights, join(place, 'model.safetensors'))
    return { model, config, tokenizer, extra }
  } catch (error) {
    model.dispose()
    throw error
  }
}

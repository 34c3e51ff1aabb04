import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createWordTokenizer, type WordTokenizer } from '@mafjs/encoders'
import { assignParameters, InvalidArgumentError, readSafetensors, toFloat32 } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { buildMaf } from '../model/build-maf'
import type { Maf } from '../model/maf'
import { type CheckpointConfig, FORMAT_VERSION } from './checkpoint'

/** A model ready to use, with everything that prepares its inputs. */
export interface LoadedCheckpoint {
  model: Maf
  config: CheckpointConfig
  tokenizer: WordTokenizer
  /** Tensors of the file that the model has no place for. */
  extra: string[]
}

async function readFrom(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name))
  } catch (error) {
    throw new InvalidArgumentError({
      argument: 'model folder',
      rule: `must hold a readable ${name}`,
      received: `${folder} (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      fix: 'Give the folder that `ner-maf train --out` wrote.',
    })
  }
}

async function readJson<T>(folder: string, name: string): Promise<T> {
  const text = new TextDecoder().decode(await readFrom(folder, name))
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new InvalidArgumentError({
      argument: join(folder, name),
      rule: 'must be JSON',
      received: (error as Error).message,
      fix: 'The file is damaged; train or copy the model again.',
    })
  }
}

/** Assigns a safetensors file to a model's parameters and returns the names the model has no place for. */
function assignFile(model: Maf, file: Uint8Array, name: string): string[] {
  let extra: string[] = []
  tf.tidy(() => {
    const values = Object.fromEntries(
      Object.entries(readSafetensors(file, name).tensors).map(([key, stored]) => [
        key,
        tf.tensor(toFloat32(stored), stored.shape),
      ]),
    )
    extra = assignParameters(model.parameters(), values).extra
  })
  return extra
}

/**
 * Loads a checkpoint folder written by `saveCheckpoint`.
 *
 * @throws InvalidArgumentError naming the file that is missing or damaged, or every tensor that does not fit.
 */
export async function loadCheckpoint(folder: string): Promise<LoadedCheckpoint> {
  const config = await readJson<CheckpointConfig>(folder, 'config.json')
  if (config.model_type !== 'maf' || config.format_version !== FORMAT_VERSION) {
    throw new InvalidArgumentError({
      argument: join(folder, 'config.json'),
      rule: `must be a MAF checkpoint of format ${FORMAT_VERSION}`,
      received: { model_type: config.model_type, format_version: config.format_version },
    })
  }
  const tokenizer = createWordTokenizer({
    tokenizer: await readJson(folder, 'tokenizer.json'),
    maxLength: config.preprocessing.maxLength,
  })
  const file = await readFrom(folder, 'model.safetensors')
  const model = buildMaf(config.model, { initialise: false })
  try {
    const extra = assignFile(model, file, join(folder, 'model.safetensors'))
    return { model, config, tokenizer, extra }
  } catch (error) {
    model.dispose()
    throw error
  }
}

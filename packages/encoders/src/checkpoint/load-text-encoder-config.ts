import { join } from 'node:path'
import type { CompleteTextEncoderConfig } from '../text/text-encoder-config'
import { missingFile } from './find-weights'
import { textEncoderConfigFromHuggingFace } from './hugging-face-config'
import { naming } from './name-error'
import { readJsonIfThere } from './read-json'

/**
 * The configuration of a checkpoint folder's text encoder, from its `config.json`.
 *
 * @throws InvalidArgumentError for a folder without one, or one that is of another model.
 */
export async function loadTextEncoderConfig(folder: string): Promise<CompleteTextEncoderConfig> {
  const file = join(folder, 'config.json')
  const json = await readJsonIfThere(file)
  if (json) return naming(file, () => textEncoderConfigFromHuggingFace(json, file))
  throw missingFile(folder, 'config.json')
}

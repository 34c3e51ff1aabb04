import { join } from 'node:path'
import type { CompleteBertConfig } from '../text/bert-config'
import { missingFile } from './find-weights'
import { bertConfigFromHuggingFace } from './hugging-face-config'
import { readJsonIfThere } from './read-json'

/**
 * The BERT configuration of a checkpoint folder, from its `config.json`.
 *
 * @throws InvalidArgumentError for a folder without one, or one that is of another model.
 */
export async function loadBertConfig(folder: string): Promise<CompleteBertConfig> {
  const file = join(folder, 'config.json')
  const json = await readJsonIfThere(file)
  if (json) return bertConfigFromHuggingFace(json, file)
  throw missingFile(folder, 'config.json')
}

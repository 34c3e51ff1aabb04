import { safetensorsChunks, storeFloat32 } from '@mafjs/tensor'
import type { MafConfig } from '../model/config'
import { version } from '../version'
import { type CheckpointConfig, FORMAT_VERSION, type Preprocessing } from './checkpoint'
import type { Snapshot } from './snapshot'
import { type FileContent, writeFolder } from './write-folder'

/** What goes into a checkpoint folder. */
export interface CheckpointContent {
  model: MafConfig
  preprocessing: Preprocessing
  /** The `tokenizer.json` object. */
  tokenizer: object
  snapshot: Snapshot
  metrics?: object
  training?: Record<string, unknown>
  /** Further files by name. @default none */
  files?: Record<string, FileContent>
}

/**
 * Writes a checkpoint folder: `model.safetensors`, `config.json`, `tokenizer.json`, `metrics.json`.
 *
 * @throws InvalidArgumentError when the folder exists and `overwrite` is not set.
 */
export async function saveCheckpoint(
  folder: string,
  { model, preprocessing, tokenizer, snapshot, metrics = {}, training, files = {} }: CheckpointContent,
  { overwrite = false } = {},
): Promise<void> {
  const config: CheckpointConfig = {
    model_type: 'maf',
    format_version: FORMAT_VERSION,
    maf_version: version,
    model,
    preprocessing,
    training,
  }
  const tensors = Object.fromEntries(
    Object.entries(snapshot).map(([name, { shape, values }]) => [name, storeFloat32(values, shape)]),
  )
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  await writeFolder(
    folder,
    {
      'model.safetensors': safetensorsChunks(tensors, { format: 'pt' }),
      'config.json': json(config),
      'tokenizer.json': json(tokenizer),
      'metrics.json': json(metrics),
      ...files,
    },
    { overwrite },
  )
}

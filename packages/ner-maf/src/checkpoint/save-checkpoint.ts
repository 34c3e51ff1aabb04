import { ONNX_IMAGE_FILE } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type FileContent, withLock, writeFolder } from '@mafjs/tensor/files'
import { safetensorsChunks, storeFloat32 } from '@mafjs/tensor/safetensors'
import type { MafConfig } from '../model/config'
import { version } from '../version'
import { type CheckpointConfig, FORMAT_VERSION, type Preprocessing } from './checkpoint'
import { CHECKPOINT_FOLDER } from './checkpoint-folder'
import type { Snapshot } from './snapshot'

/** What goes into a checkpoint folder. */
export interface CheckpointContent {
  model: MafConfig
  preprocessing: Preprocessing
  /** The `tokenizer.json` object. */
  tokenizer: object
  snapshot: Snapshot
  /** The file of an ONNX image model, where the model has one. */
  onnxImage?: Uint8Array
  metrics?: object
  training?: Record<string, unknown>
  /** Further files by name. @default none */
  files?: Record<string, FileContent>
}

/**
 * Writes a checkpoint folder under its lock, as `writeCheckpoint` does.
 *
 * @throws InvalidArgumentError as it does, and for a folder that is in use.
 */
export const saveCheckpoint = (
  folder: string,
  content: CheckpointContent,
  options: { overwrite?: boolean } = {},
): Promise<void> =>
  withLock(folder, { command: 'saveCheckpoint' }, () => writeCheckpoint(folder, content, options))

/**
 * For who has the lock of the folder: writes `model.safetensors`, `config.json`, `tokenizer.json`, `metrics.json`, and the file of an ONNX
 * image model.
 *
 * @throws InvalidArgumentError when the folder exists and `overwrite` is not set, or for an ONNX image model without its file.
 */
export async function writeCheckpoint(
  folder: string,
  {
    model,
    preprocessing,
    tokenizer,
    snapshot,
    onnxImage,
    metrics = {},
    training,
    files = {},
  }: CheckpointContent,
  { overwrite = false } = {},
): Promise<void> {
  if ((model.imageEncoder?.kind === 'onnx') !== (onnxImage !== undefined)) {
    throw new InvalidArgumentError({
      argument: 'onnxImage',
      rule: 'must be given for a model with an ONNX image encoder, and only for one',
      received: onnxImage === undefined ? 'nothing' : 'a file',
      fix: 'Give parts.onnxImage.model of the model.',
    })
  }
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
      [ONNX_IMAGE_FILE]: onnxImage,
    },
    { kind: CHECKPOINT_FOLDER, overwrite },
  )
}

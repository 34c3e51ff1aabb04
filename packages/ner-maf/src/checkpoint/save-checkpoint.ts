import { withLock } from '@mafjs/tensor/files'
import { type Snapshot, writeModel } from '@mafjs/train'
import { type CheckpointParts, checkpointFormat } from './checkpoint-folder'

/** What goes into a checkpoint folder. */
export interface CheckpointContent extends CheckpointParts {
  snapshot: Snapshot
  metrics?: object | undefined
  training?: Record<string, unknown> | undefined
}

/**
 * Writes a checkpoint folder under its lock: `model.safetensors`, `config.json`, `tokenizer.json`, `metrics.json`, and the
 * file of an ONNX image model.
 *
 * @throws InvalidArgumentError when the folder is in use, or exists and `overwrite` is not set, or for an ONNX image model
 * without its file.
 */
export const saveCheckpoint = (
  folder: string,
  { snapshot, metrics = {}, training, ...parts }: CheckpointContent,
  { overwrite = false }: { overwrite?: boolean | undefined } = {},
): Promise<void> => {
  const argument = 'folder'
  const content = { training, snapshot, metrics }
  return withLock(folder, { command: 'saveCheckpoint', argument }, () =>
    writeModel(folder, { ...content, format: checkpointFormat(parts) }, { overwrite, argument }),
  )
}

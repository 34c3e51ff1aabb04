import { join } from 'node:path'
import { type FileContent, type FolderKind, readTextIfThere, writeFolder } from '@mafjs/tensor/files'
import { safetensorsChunks, storeFloat32 } from '@mafjs/tensor/safetensors'
import type { Snapshot } from '../snapshot'

/** How a trained model becomes a folder: what is in it beside `model.safetensors` and `metrics.json`. */
export interface ModelFormat {
  kind: FolderKind
  /** Further files by name; `undefined` for one that such a folder may have and this one has not. */
  files(training: Record<string, unknown> | undefined): Record<string, FileContent | undefined>
}

/** What a file says that it is of; of one that is damaged nobody knows. */
export async function modelType(folder: string, file: string): Promise<unknown> {
  const content = await readTextIfThere(join(folder, file), 'Choose another folder.')
  try {
    return content && JSON.parse(content)?.model_type
  } catch {
    return undefined
  }
}

/**
 * A folder of a kind of model, or of a run of it that has no best model yet, known by its record or by its last state.
 *
 * @param type what `config.json` has as `model_type`
 */
export const modelFolder = (name: string, type: string): FolderKind => ({
  name,
  mark: 'config.json',
  isOne: async folder =>
    (await modelType(folder, 'config.json')) === type ||
    (await modelType(folder, 'run.json')) === 'maf-run' ||
    (await modelType(folder, 'last/config.json')) === type,
})

/** `config.json` of a task's folder. */
const TASK = 'maf-task'

/** The folder of any task: its model's own configuration, and its weights. */
export const taskFormat = (model: { readonly config: object }): ModelFormat => ({
  kind: modelFolder('a folder of a trained task', TASK),
  files: training => ({
    'config.json': json({ model_type: TASK, format_version: 1, model: model.config, training }),
  }),
})

/** What is written of a model. */
export interface ModelContent {
  format: ModelFormat
  /** What the model was trained with. */
  training?: Record<string, unknown> | undefined
  snapshot: Snapshot
  metrics: object
  /** Further files by name. @default none */
  files?: Record<string, FileContent> | undefined
}

/** For who has the folder's lock: writes a model's folder, whole or not at all. */
export const writeModel = (
  folder: string,
  { format, training, snapshot, metrics, files = {} }: ModelContent,
  { overwrite = true, argument }: { overwrite?: boolean | undefined; argument?: string | undefined } = {},
): Promise<void> => {
  const tensors = Object.entries(snapshot).map(([name, { shape, values }]) => [
    name,
    storeFloat32(values, shape),
  ])
  return writeFolder(
    folder,
    {
      'model.safetensors': safetensorsChunks(Object.fromEntries(tensors), { format: 'pt' }),
      ...format.files(training),
      'metrics.json': json(metrics),
      ...files,
    },
    { kind: format.kind, overwrite, argument },
  )
}

/** A value as the text of a file. */
export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

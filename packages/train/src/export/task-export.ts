import type { ExportProfile } from '@mafjs/compile'

/** The files of an exported task. */
export const EXPORT = { model: 'model.onnx', data: 'model.onnx.data', config: 'config.json' } as const

/** What `config.json` says that it is of. */
export const EXPORT_TYPE = 'maf-task-onnx'

/** An input or an output of an exported task. */
export interface ExportedArray {
  /** Its path in the arrays of `collate`, or its name among the outputs. */
  name: string
  type: string
  /** Lengths; a name is an axis of any length. */
  shape: readonly (number | string)[]
}

/** `config.json` of an exported task. */
export interface TaskExportConfig {
  model_type: typeof EXPORT_TYPE
  format_version: 1
  /** What the graph was written for; absent: nothing in particular. */
  profile?: ExportProfile
  inputs: ExportedArray[]
  outputs: ExportedArray[]
}

import { join } from 'node:path'
import { checkpointDigest } from './checkpoint-digest'
import { readExportConfig } from './load-export'
import { isExport } from './write-export'

/** Where an export stands that belongs to a checkpoint. */
const BESIDE = 'onnx'

/** An exported model: the folder itself, or one that belongs to the checkpoint in the folder. */
export interface FoundExport {
  folder: string
  kind: 'itself' | 'beside'
  /** Whether the checkpoint has changed since: then it is not what was exported. */
  isStale: boolean
}

/** Looks for an exported model: a folder may be one, and a checkpoint may have its own in its folder `onnx`. */
export async function findExport(folder: string): Promise<FoundExport | undefined> {
  if (await isExport(folder)) return { folder, kind: 'itself', isStale: false }
  const beside = join(folder, BESIDE)
  if (!(await isExport(beside))) return undefined
  const { source } = await readExportConfig(beside)
  return { folder: beside, kind: 'beside', isStale: source !== (await checkpointDigest(folder)) }
}

import { join } from 'node:path'
import { type FileTensor, openTensorFile } from '../files/tensor-file'

/** The tensors of one batch by name. */
export type StoredBatch = Record<string, FileTensor>

/** Reads the batches of a file. */
export function readBatches(folder: string, stem: string): StoredBatch[] {
  const file = openTensorFile(join(folder, `${stem}.safetensors`))
  const batches: StoredBatch[] = []
  for (const path of file.names) {
    const [index, name] = path.split('/') as [string, string]
    const place = Number(index)
    batches[place] ??= {}
    batches[place][name] = file.read(path)
  }
  file.close()
  return batches
}

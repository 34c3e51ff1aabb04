import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder, writeSynced } from '@mafjs/tensor/files'
import { type StoredTensor, writeSafetensors } from '@mafjs/tensor/safetensors'

/**
 * Saves tensors as a safetensors file, in the order given. It is written aside in the same folder, flushed to the disk
 * and renamed: at every moment the path holds the old file whole, or the new one.
 *
 * @param metadata texts for the file's header.
 */
export async function saveWeights(
  path: string,
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`
  try {
    await writeSynced(aside, writeSafetensors(tensors, metadata))
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

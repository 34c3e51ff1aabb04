import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
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
    const handle = await open(aside, 'wx')
    try {
      await handle.writeFile(writeSafetensors(tensors, metadata))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a rename survive a power cut; Windows has no such thing, its rename is already durable. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

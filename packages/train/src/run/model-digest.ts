import { createHash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readWhole } from '@mafjs/tensor/files'

/** Blocks of the weights that are read, spread evenly over the file. */
const BLOCKS = 64
const BLOCK_BYTES = 65_536

/**
 * Tells a trained model's folder from every other one. Blocks of the weights are enough: a step of training changes all weights,
 * and reading a gigabyte each time a model is loaded would take as long as loading it.
 *
 * @param weights the file that they are in
 */
export function modelDigest(folder: string, weights = 'model.safetensors'): Promise<string> {
  return readWhole(folder, async place => {
    const hash = createHash('sha256').update(await readFile(join(place, 'config.json')))
    const file = await open(join(place, weights))
    try {
      const { size } = await file.stat()
      hash.update(String(size))
      for (let block = 0; block < BLOCKS; block++) {
        const at = Math.floor((Math.max(0, size - BLOCK_BYTES) * block) / (BLOCKS - 1))
        const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, at)
        hash.update(buffer.subarray(0, bytesRead))
      }
    } finally {
      await file.close()
    }
    return hash.digest('hex')
  })
}

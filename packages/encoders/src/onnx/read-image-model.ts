import { open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ExternalTensor, embedExternal } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { isLfsPointer, LFS_FIX, LFS_POINTER } from '../weights/lfs-pointer'

/**
 * Reads an image model as one file: weights that lie beside it, in its own folder, are moved into it, so that its digest, a
 * checkpoint's copy and ONNX Runtime all have the whole of it.
 *
 * @throws InvalidArgumentError for a file that cannot be read or is no model, and for weights that are missing, cut off,
 * outside of its folder, or too many for one file.
 */
export async function readImageModel(file: string): Promise<Uint8Array> {
  const model = await readFile(file).catch(error => {
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must be a readable file',
      received: (error as Error).message,
      fix: 'Give the path of an .onnx file.',
    })
  })
  if (isLfsPointer(model)) {
    const rule = 'must be the file itself'
    throw new InvalidArgumentError({ argument: file, rule, received: LFS_POINTER, fix: LFS_FIX })
  }
  return embedExternal(model, place => readPlace(place, file), file)
}

/** The bytes of a tensor beside a model; fewer where its file ends before. */
async function readPlace(
  { tensor, location, offset, length }: ExternalTensor,
  model: string,
): Promise<Uint8Array> {
  const path = join(dirname(model), location)
  try {
    const file = await open(path)
    try {
      const { size } = await file.stat()
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
      const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, offset)
      return bytes.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw new InvalidArgumentError({
      argument: `tensor "${tensor}" of ${model}`,
      rule: `must have its numbers in a readable file ${location} beside the model`,
      received: (error as Error).message,
      fix: `Copy ${path} from where the model came from, or export the model with its weights within.`,
    })
  }
}

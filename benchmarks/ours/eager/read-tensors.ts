import type { Tensor } from '@tensorflow/tfjs-core'
import type { FileTensor } from '../../files/tensor-file'

/** The values of tensors, copied. */
export async function readTensors(tensors: Record<string, Tensor>): Promise<Record<string, FileTensor>> {
  const read: Record<string, FileTensor> = {}
  for (const [name, tensor] of Object.entries(tensors)) {
    read[name] = { shape: [...tensor.shape], values: (await tensor.data<'float32'>()).slice() }
  }
  return read
}

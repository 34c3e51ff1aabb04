import { readFileSync, writeFileSync } from 'node:fs'
import type { HostArray } from '@mafjs/compile'
import { readSafetensors, type StoredTensor, toFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'

/** Arrays of float32 or int32 by name. */
export type Arrays = Record<string, HostArray<Float32Array | Int32Array>>

/** The tensors of a safetensors file; each is decoded when it is asked for, for those of the full model are 0.8 GB. */
export const openTensorFile = (path: string): Record<string, () => Arrays[string]> =>
  Object.fromEntries(
    Object.entries(readSafetensors(readFileSync(path), path).tensors).map(([name, stored]) => [
      name,
      () => ({
        shape: stored.shape,
        data:
          stored.dtype === 'I32' ? new Int32Array(new Uint8Array(stored.bytes).buffer) : toFloat32(stored),
      }),
    ]),
  )

/** Writes a safetensors file. */
export function writeTensorFile(path: string, arrays: Arrays): void {
  const tensors = Object.entries(arrays).map(([name, { data, shape }]): [string, StoredTensor] => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return [name, { dtype: data instanceof Int32Array ? 'I32' : 'F32', shape: [...shape], bytes }]
  })
  writeFileSync(path, writeSafetensors(Object.fromEntries(tensors)))
}

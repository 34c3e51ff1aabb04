import { closeSync, openSync, readSync } from 'node:fs'
import { InvalidArgumentError } from '@mafjs/tensor'
import { ELEMENT_BYTES, type SafetensorsType } from '@mafjs/tensor/safetensors'

/** What a file's header says of one tensor. */
interface Entry {
  dtype: SafetensorsType
  shape: number[]
  data_offsets: [number, number]
}

/** One tensor of a file, in memory of its own. */
export interface FileTensor {
  shape: number[]
  values: Float32Array | Int32Array
}

/** A safetensors file of which one tensor at a time is in memory: the weights of the full model are 0.8 GB. */
export interface TensorFile {
  readonly names: string[]
  has(name: string): boolean
  /** @throws InvalidArgumentError for a name the file lacks, or a dtype that is neither F32 nor I32. */
  read(name: string): FileTensor
  close(): void
}

/** Opens a safetensors file. */
export function openTensorFile(path: string): TensorFile {
  const file = openSync(path, 'r')
  const bytesAt = (position: number, size: number): Uint8Array => {
    const bytes = new Uint8Array(size)
    let done = 0
    while (done < size) {
      const count = readSync(file, bytes, done, size - done, position + done)
      if (count === 0) throw new Error(`${path} ends early: ${position + size} bytes expected.`)
      done += count
    }
    return bytes
  }
  const headerSize = Number(new DataView(bytesAt(0, 8).buffer).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytesAt(8, headerSize))) as Record<string, Entry>
  const names = Object.keys(header).filter(name => name !== '__metadata__')
  return {
    names,
    has: name => names.includes(name),
    read: name => {
      const entry = header[name]
      if (!entry || (entry.dtype !== 'F32' && entry.dtype !== 'I32')) {
        throw new InvalidArgumentError({
          argument: 'name',
          rule: `must be a tensor of ${path} with dtype F32 or I32`,
          received: entry ? `${name} (${entry.dtype})` : name,
        })
      }
      const [start, end] = entry.data_offsets
      const { buffer } = bytesAt(8 + headerSize + start, end - start)
      const values = entry.dtype === 'F32' ? new Float32Array(buffer) : new Int32Array(buffer)
      if (values.byteLength !== entry.shape.reduce((size, axis) => size * axis, ELEMENT_BYTES[entry.dtype])) {
        throw new Error(`${path}: "${name}" does not fit its shape [${entry.shape.join(', ')}].`)
      }
      return { shape: entry.shape, values }
    },
    close: () => closeSync(file),
  }
}

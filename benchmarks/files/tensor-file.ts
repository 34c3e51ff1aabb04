import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { InvalidArgumentError } from '@mafjs/tensor'

/** One tensor of a file, in memory of its own. */
export interface FileTensor {
  shape: readonly number[]
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
  const bytesAt = (position: number, size: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(size)
    for (let done = 0; done < size; ) {
      const count = readSync(file, bytes, done, size - done, position + done)
      if (count === 0) throw new Error(`${path} ends early: ${position + size} bytes expected.`)
      done += count
    }
    return bytes
  }
  const headerSize = Number(new DataView(bytesAt(0, 8).buffer).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(bytesAt(8, headerSize))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >
  const names = Object.keys(header).filter(name => name !== '__metadata__')
  return {
    names,
    has: name => names.includes(name),
    read: name => {
      const { dtype, shape, data_offsets } = header[name] ?? {}
      if (!shape || !data_offsets || (dtype !== 'F32' && dtype !== 'I32')) {
        throw new InvalidArgumentError({
          argument: 'name',
          rule: `must be a tensor of ${path} with dtype F32 or I32`,
          received: dtype ? `${name} (${dtype})` : name,
        })
      }
      const [start, end] = data_offsets
      const { buffer } = bytesAt(8 + headerSize + start, end - start)
      const values = dtype === 'F32' ? new Float32Array(buffer) : new Int32Array(buffer)
      if (values.length !== sizeOf(shape))
        throw new Error(`${path}: "${name}" does not fit its shape [${shape.join(', ')}].`)
      return { shape, values }
    },
    close: () => closeSync(file),
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

/** One tensor to be written; values that are a function are asked for when their turn comes. */
export interface TensorSource {
  shape: readonly number[]
  /** @default 'F32' */
  dtype?: 'F32' | 'I32'
  values: ArrayLike<number> | (() => Float32Array | Int32Array)
}

/** Writes a safetensors file tensor by tensor, so that only one is in memory at a time. */
export function writeTensorFile(path: string, tensors: Readonly<Record<string, TensorSource>>): void {
  const header: Record<string, unknown> = {}
  let offset = 0
  for (const [name, { shape, dtype = 'F32' }] of Object.entries(tensors)) {
    const end = offset + 4 * sizeOf(shape)
    header[name] = { dtype, shape, data_offsets: [offset, end] }
    offset = end
  }
  const text = JSON.stringify(header)
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const file = openSync(path, 'w')
  const write = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(file, bytes, done)
  }
  try {
    write(new Uint8Array(BigUint64Array.of(BigInt(json.byteLength)).buffer))
    write(json)
    for (const { values, dtype = 'F32' } of Object.values(tensors)) {
      const given = typeof values === 'function' ? values() : values
      const numbers = dtype === 'F32' ? new Float32Array(given) : new Int32Array(given)
      write(new Uint8Array(numbers.buffer))
    }
  } finally {
    closeSync(file)
  }
}

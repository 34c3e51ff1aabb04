import { closeSync, openSync, writeSync } from 'node:fs'

/** One tensor to be written; its values are asked for when their turn comes. */
export interface TensorSource {
  shape: readonly number[]
  /** @default 'F32' */
  dtype?: 'F32' | 'I32'
  values: () => Float32Array | Int32Array
}

/** Writes a safetensors file tensor by tensor, so that only one is in memory at a time. */
export function writeTensorFile(path: string, tensors: Record<string, TensorSource>): void {
  const header: Record<string, unknown> = {}
  let offset = 0
  for (const [name, { shape, dtype = 'F32' }] of Object.entries(tensors)) {
    const size = shape.reduce((product, axis) => product * axis, 4)
    header[name] = { dtype, shape, data_offsets: [offset, offset + size] }
    offset += size
  }
  const text = JSON.stringify(header)
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const start = new Uint8Array(8)
  new DataView(start.buffer).setBigUint64(0, BigInt(json.byteLength), true)
  const file = openSync(path, 'w')
  const write = (bytes: Uint8Array): void => {
    let done = 0
    while (done < bytes.byteLength) done += writeSync(file, bytes, done)
  }
  try {
    write(start)
    write(json)
    for (const { values } of Object.values(tensors)) {
      const { buffer, byteOffset, byteLength } = values()
      write(new Uint8Array(buffer, byteOffset, byteLength))
    }
  } finally {
    closeSync(file)
  }
}

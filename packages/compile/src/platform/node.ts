import { open, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Runtime } from '../session/load-runtime'
import { cpuQuota } from './cpu-quota'
import type { ModelFile } from './model-file'

export { startThread } from '../thread/start-thread'

/** The package that runs programs here. */
export const RUNTIME = 'onnxruntime-node'

/** Imports ONNX Runtime. */
export const importRuntime = (): Promise<Runtime> => import('onnxruntime-node')

/** In Node each program has threads of its own. */
export const assertSharedThreads = (_runtime: Runtime, _threads: number | undefined): void => {}

/** Bytes of this machine's memory. */
export const totalMemory = totalmem

/** Processors that this process may use: by its affinity, and by its quota, which Node itself considers only in later versions. */
export const usableProcessors = (): number => Math.min(availableParallelism(), Math.ceil(cpuQuota()))

/** Bytes that are read at once; a system call reads less than 2 GiB. */
const PIECE = 2 ** 26

/**
 * Reads a model's file; what lies beside it is taken relative to its folder.
 *
 * @throws InvalidArgumentError for a file that cannot be read.
 */
export async function readModelFile(path: string): Promise<ModelFile | undefined> {
  const bytes = await readBytes(path).catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidArgumentError({
      argument: 'model',
      rule: 'must be a readable file',
      received: `${path} (${cause.code ?? cause.message})`,
      fix: 'Give the path of an .onnx file.',
    })
  })
  return {
    bytes,
    release: () => bytes.buffer.resize(0),
    sizeOf: location =>
      stat(join(dirname(path), location)).then(
        stats => (stats.isFile() ? stats.size : undefined),
        () => undefined,
      ),
  }
}

/** A memory whose pages can be given back; the library of types that this is compiled with does not know of it yet. */
interface Resizable extends ArrayBuffer {
  resize(size: number): void
}

async function readBytes(path: string): Promise<Uint8Array<Resizable>> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const Memory = ArrayBuffer as unknown as new (size: number, options: object) => Resizable
    const bytes = new Uint8Array(new Memory(size, { maxByteLength: size }))
    for (let at = 0; at < size; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, PIECE), at)
      if (bytesRead === 0) throw new Error('it was cut off while it was read')
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

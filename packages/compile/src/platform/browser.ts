import type { Worker } from 'node:worker_threads'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Runtime } from '../session/load-runtime'
import type { ModelFile } from './model-file'

// What stands in for `node.ts` in a browser: the packer takes it by the condition `browser`.

/** The package that runs programs here. */
export const RUNTIME = 'onnxruntime-web'

/**
 * Imports ONNX Runtime; its interface is that of Node's, with other execution providers. Of its builds this one has the WebGPU
 * of Node's: that of the package's main entry gives wrong gradients of convolutions, and its `wasm` is slower.
 */
export async function importRuntime(): Promise<Runtime> {
  const runtime = (await (import('onnxruntime-web/webgpu') as Promise<unknown>)) as Runtime
  // Left alone it takes half the processors, and four at most.
  runtime.env.wasm.numThreads ??= usableProcessors()
  return runtime
}

/**
 * Checks the threads that a program asks for: a page has one pool of them for all.
 *
 * @throws InvalidArgumentError for another number than that pool's.
 */
export function assertSharedThreads({ env }: Pick<Runtime, 'env'>, threads: number | undefined): void {
  const { numThreads } = env.wasm
  if (threads === undefined || threads === numThreads) return
  throw new InvalidArgumentError({
    argument: 'threads',
    rule: `must be left out in a browser, or be what env.wasm.numThreads is: ${numThreads}`,
    received: threads,
    fix: `Set env.wasm.numThreads of onnxruntime-web/webgpu to ${threads} before the first program.`,
  })
}

/**
 * There are no such threads here.
 *
 * @throws InvalidArgumentError always.
 */
export function startThread(): Worker {
  throw new InvalidArgumentError({
    argument: 'worker',
    rule: 'may be true only in Node',
    received: true,
    fix: 'In a browser, run all of it in a Web Worker of your own.',
  })
}

/** Gibibytes where a browser does not say: what it would say at most of an ordinary machine. */
const UNKNOWN = 4

/** Bytes of this machine's memory, as far as the browser says. */
export const totalMemory = (): number =>
  ((globalThis as { navigator?: { deviceMemory?: number } }).navigator?.deviceMemory ?? UNKNOWN) * 2 ** 30

/** Processors that a page may use: its threads share memory, which a browser allows only where it is isolated from others. */
export const usableProcessors = (): number => {
  const { crossOriginIsolated = false, navigator } = globalThis as {
    crossOriginIsolated?: boolean
    navigator?: { hardwareConcurrency?: number }
  }
  return crossOriginIsolated ? (navigator?.hardwareConcurrency ?? 1) : 1
}

/** ONNX Runtime fetches a model itself here, and reads nothing beside it. */
export const readModelFile = async (): Promise<ModelFile | undefined> => undefined

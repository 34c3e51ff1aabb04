import type { Worker } from 'node:worker_threads'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Runtime } from '../session/load-runtime'

// What stands in for `node.ts` in a browser: the packer takes it by the condition `browser`.

/** The package that runs programs here. */
export const RUNTIME = 'onnxruntime-web'

/**
 * Imports ONNX Runtime; its interface is that of Node's, with other execution providers. Of its builds this one has the WebGPU
 * of Node's: that of the package's main entry gives wrong gradients of convolutions, and its `wasm` is slower.
 */
export const importRuntime = (): Promise<Runtime> =>
  import('onnxruntime-web/webgpu') as Promise<unknown> as Promise<Runtime>

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

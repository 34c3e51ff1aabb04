import { availableParallelism, totalmem } from 'node:os'
import type { Runtime } from '../session/load-runtime'
import { cpuQuota } from './cpu-quota'

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

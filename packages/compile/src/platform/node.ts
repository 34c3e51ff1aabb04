import { totalmem } from 'node:os'
import type { Runtime } from '../session/load-runtime'

export { startThread } from '../thread/start-thread'

/** The package that runs programs here. */
export const RUNTIME = 'onnxruntime-node'

/** Imports ONNX Runtime. */
export const importRuntime = (): Promise<Runtime> => import('onnxruntime-node')

/** Bytes of this machine's memory. */
export const totalMemory = totalmem

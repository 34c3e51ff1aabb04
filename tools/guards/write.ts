import { mkdir } from 'node:fs/promises'
import type { EngineOptions } from '@mafjs/compile/engine'
import { writeTinyRuns } from './tiny-runs'

// write.ts FOLDER ENGINE: trains the tiny runs into a new folder, on tfjs's cpu or on ONNX Runtime with one thread.
const [folder, engine] = process.argv.slice(2) as [string, 'tfjs' | 'onnx']
const ENGINES: Record<typeof engine, EngineOptions> = {
  tfjs: { engine: 'tfjs', backend: 'cpu' },
  onnx: { engine: 'onnx', threads: 1 },
}
await mkdir(folder)
process.chdir(folder)
await writeTinyRuns(ENGINES[engine])

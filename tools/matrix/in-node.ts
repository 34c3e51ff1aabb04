import { type Int8Probe, probeInt8 } from '@mafjs/compile'
import { type BackendName, useBackend } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import { openWebGpu, useWebGpu } from '../engine/web-gpu'
import { type Computed, computeCompiled, computeEager, runSubjects } from './compute'

/** What came of one way of computing. */
export interface TargetResult {
  results: Computed[]
  /** What it ran on, where that can differ. */
  note?: string
  /** What products of bytes come to there, of ONNX Runtime. */
  int8?: Int8Probe
  /** Why it could not be tried at all. */
  missing?: string
}

// One way of computing in a process of its own: `in-node.ts TARGET`. It prints its result as JSON and ends.
async function run(target: string): Promise<TargetResult> {
  tf.env().set('PROD', true)
  if (target.startsWith('compile')) {
    await useBackend('cpu')
    const executionProvider = target.endsWith('webgpu') ? 'webgpu' : 'cpu'
    // ONNX Runtime does not tell its adapter; it finds it as the package webgpu does.
    const note = executionProvider === 'webgpu' ? { note: await openWebGpu() } : {}
    const results = await runSubjects(computeCompiled({ executionProvider, threads: 1 }))
    return { results, int8: await probeInt8(), ...note }
  }
  if (target === 'tfjs webgpu, Node') {
    const note = await useWebGpu()
    return { results: await runSubjects(computeEager), note }
  }
  await useBackend(target.split(' ')[1] as BackendName)
  return { results: await runSubjects(computeEager) }
}

const result = await run(process.argv[2]!).catch(
  (error: Error): TargetResult => ({
    ...{ results: [], missing: error.message },
  }),
)
process.stdout.write(JSON.stringify(result), () => process.exit())

import { probeInt8 } from '@mafjs/compile'
import { type BackendName, useBackend } from '@mafjs/compile/engine'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { computeEager } from './compute'
import { computeCompiled } from './compute-compiled'
import { runSubjects } from './run-subjects'
import type { NodeTarget, TargetResult } from './targets'
import { openWebGpu, startWebGpu } from './webgpu-in-node'

// One way of computing in a process of its own: `in-node.ts TARGET`. It prints its result as JSON and ends.
const target = process.argv[2] as NodeTarget

async function run(): Promise<TargetResult> {
  tf.env().set('PROD', true)
  if (target === 'compile, onnxruntime-node cpu' || target === 'compile, onnxruntime-node webgpu') {
    await useBackend('cpu')
    const executionProvider = target.endsWith('webgpu') ? 'webgpu' : 'cpu'
    // ONNX Runtime does not tell its adapter; it finds it as the package webgpu does.
    const note = executionProvider === 'webgpu' ? { note: await openWebGpu() } : {}
    const session = { executionProvider, threads: 1 }
    const results = await runSubjects((module, subject, task) =>
      computeCompiled(module, subject, { task, session }),
    )
    return { results, int8: await probeInt8(), ...note }
  }
  if (target === 'tfjs webgpu, Node') {
    const adapter = await startWebGpu()
    registerGradients()
    return { results: await runSubjects(computeEager), note: adapter }
  }
  await useBackend(target.split(' ')[1] as BackendName)
  return { results: await runSubjects(computeEager) }
}

const result = await run().catch((error: Error): TargetResult => ({ results: [], missing: error.message }))
process.stdout.write(JSON.stringify(result), () => process.exit())

import { probeInt8 } from '@mafjs/compile'
import { registerGradients } from '@mafjs/tensor/gradients'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import { env } from 'onnxruntime-web/webgpu'
import { computeCompiled, computeEager, runSubjects } from './compute'
import type { TargetResult } from './in-node'

/** What WebGPU runs on; a software adapter is named as one. */
async function adapterName(): Promise<string> {
  const { gpu } = (globalThis as { navigator?: { gpu?: GPU } }).navigator ?? {}
  const adapter = await gpu?.requestAdapter()
  if (!adapter) throw new Error('This browser gives no WebGPU adapter.')
  const { vendor, architecture, description } = adapter.info
  return [vendor, architecture, description].filter(Boolean).join(' ')
}

async function startBackend(name: string): Promise<void> {
  setWasmPaths('/tfjs-wasm/')
  if (!(await tf.setBackend(name)) || tf.getBackend() !== name) {
    throw new Error(`The tfjs backend ${name} did not start.`)
  }
  registerGradients()
}

async function run(target: string): Promise<TargetResult> {
  const note = target.includes('webgpu') ? { note: await adapterName() } : {}
  if (target.startsWith('compile')) {
    await startBackend('cpu')
    env.wasm.wasmPaths = '/onnxruntime/'
    env.wasm.numThreads = 1
    const session = { executionProvider: target.endsWith('webgpu') ? 'webgpu' : 'wasm' }
    return { results: await runSubjects(computeCompiled(session)), int8: await probeInt8(), ...note }
  }
  await startBackend(target.split(/[ ,]/)[1]!)
  // Its gradients are no promise of ours: 16-bit numbers are all that some phones have.
  const tasks = target === 'tfjs webgl, Chromium' ? (['forward'] as const) : undefined
  return { results: await runSubjects(computeEager, tasks), ...note }
}

Object.assign(globalThis, {
  runMatrix: (target: string) =>
    run(target).catch((error: Error): TargetResult => ({ results: [], missing: error.message })),
})

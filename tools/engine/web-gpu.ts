import { existsSync } from 'node:fs'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'

/** An adapter that computes on the processor: what it takes says nothing of a GPU. */
export const isSoftware = (adapter: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(adapter)

/** The Vulkan driver that Chromium's package brings, which needs no GPU. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** The environment in which WebGPU is computed without a GPU, where the machine has a driver for that. */
export const softwareAdapter = (): Record<string, string> =>
  existsSync(SWIFTSHADER) ? { VK_ICD_FILENAMES: SWIFTSHADER } : {}

/**
 * Opens WebGPU in Node, by the npm package `webgpu`.
 *
 * @returns the adapter's name; ONNX Runtime finds the same one by the same library, and does not tell
 * @throws Error where there is no adapter.
 */
export async function openWebGpu(): Promise<string> {
  const { create, globals } = await import('webgpu')
  const gpu = create([])
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node' }, configurable: true })
  const adapter = await gpu.requestAdapter()
  if (!adapter) {
    throw new Error(
      'No WebGPU adapter: it needs a GPU with its Vulkan driver, and libvulkan (Debian: libvulkan1).',
    )
  }
  const { vendor, architecture, description } = adapter.info
  return [vendor, architecture, description].filter(Boolean).join(' ')
}

/** Starts tfjs's backend webgpu in Node. @returns the adapter's name @throws Error where there is none. */
export async function useWebGpu(): Promise<string> {
  const adapter = await openWebGpu()
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu') {
    throw new Error('The tfjs backend webgpu did not start.')
  }
  registerGradients()
  return adapter
}

import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'

/** An adapter that computes on the processor: what it takes says nothing of a GPU. */
export const isSoftware = (adapter: string): boolean =>
  /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(adapter)

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

/** Starts tfjs's backend webgpu in Node. @throws Error where there is no adapter. */
export async function useWebGpu(): Promise<void> {
  await openWebGpu()
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu') {
    throw new Error('The tfjs backend webgpu did not start.')
  }
  registerGradients()
}

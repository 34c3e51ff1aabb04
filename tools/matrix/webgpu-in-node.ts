import * as tf from '@tensorflow/tfjs-core'

/** Opens WebGPU in Node by the npm package `webgpu`, and gives its adapter's name. @throws Error where there is none. */
export async function openWebGpu(): Promise<string> {
  const { create, globals } = await import('webgpu')
  const gpu = create([])
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'Node' }, configurable: true })
  const adapter = await gpu.requestAdapter()
  if (!adapter)
    throw new Error('No WebGPU adapter: there is no GPU, and no Vulkan driver that does without one.')
  const { vendor, architecture, description } = adapter.info
  return [vendor, architecture, description].filter(Boolean).join(' ')
}

/**
 * Starts tfjs's WebGPU backend in Node.
 *
 * @returns the adapter's name
 * @throws Error where there is no adapter.
 */
export async function startWebGpu(): Promise<string> {
  const adapter = await openWebGpu()
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu') {
    throw new Error('The tfjs backend webgpu did not start.')
  }
  return adapter
}

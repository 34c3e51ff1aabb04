import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { computeEager, runSubjects } from './compute'

const BACKENDS = ['wasm', 'webgl', 'webgpu'] as const

const kernelsOf = (backend: string): ReadonlySet<string> =>
  new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName))

/** What each backend brings itself: this module is read before any gradients are registered. */
const own = new Map(BACKENDS.map(backend => [backend, kernelsOf(backend)]))

/** Kernels that nothing but gradients calls, by their names. */
const IS_BACKWARD = /Backprop(Filter|Input)$|Grad$|^UnsortedSegmentSum$/

/** The kernels that the modules of the matrix call on cpu, forward and backward. */
async function calledKernels(): Promise<ReadonlySet<string>> {
  await tf.setBackend('cpu')
  const { kernelNames } = await tf.profile(async () => {
    await runSubjects(computeEager, ['forward', 'gradient'])
    return tf.scalar(0)
  })
  // Operations that are put together go by names of their own in between.
  const known = kernelsOf('cpu')
  return new Set(kernelNames.filter(name => known.has(name)))
}

/**
 * What backends lack of the kernels that the modules call, and of those that tfjs's cpu has for gradients: a table with a row
 * for each backend.
 */
export async function missingKernels(): Promise<string> {
  registerGradients()
  const called = await calledKernels()
  const wanted = new Set([...called, ...[...kernelsOf('cpu')].filter(name => IS_BACKWARD.test(name))])
  return [
    '| tfjs backend | lacks, and `@mafjs/tensor/gradients` supplies | lacks, and tfjs refuses by name |',
    '|---|---|---|',
    ...BACKENDS.map(backend => {
      const now = kernelsOf(backend)
      const lacking = [...wanted].filter(kernel => !own.get(backend)!.has(kernel)).sort()
      const listed = (isSupplied: boolean): string => {
        const kernels = lacking.filter(kernel => now.has(kernel) === isSupplied)
        return (
          kernels.map(name => `\`${name}\`${called.has(name) ? ' (called)' : ''}`).join(', ') || 'nothing'
        )
      }
      return `| ${backend} | ${listed(true)} | ${listed(false)} |`
    }),
  ].join('\n')
}

import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { computeEager } from './compute'
import { runSubjects } from './run-subjects'

const BACKENDS = ['wasm', 'webgl', 'webgpu'] as const

const kernelsOf = (backend: string): ReadonlySet<string> =>
  new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName))

/** What each backend brings itself: this module is read before any gradients are registered. */
const own = new Map(BACKENDS.map(backend => [backend, kernelsOf(backend)]))

/** Kernels that nothing but gradients calls, by their names. */
const IS_BACKWARD = /Backprop(Filter|Input)$|Grad$|^UnsortedSegmentSum$/

/** A kernel that a backend does not bring. */
export interface MissingKernel {
  backend: string
  kernel: string
  /** Whether a module of the matrix calls it. */
  isCalled: boolean
  /** Whether `registerGradients` supplies it. */
  isSupplied: boolean
}

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

/** What backends lack of the kernels that the modules call, and of those that tfjs's cpu has for gradients. */
export async function missingKernels(): Promise<MissingKernel[]> {
  registerGradients()
  const called = await calledKernels()
  const wanted = new Set([...called, ...[...kernelsOf('cpu')].filter(name => IS_BACKWARD.test(name))])
  return BACKENDS.flatMap(backend => {
    const now = kernelsOf(backend)
    return [...wanted]
      .filter(kernel => !own.get(backend)!.has(kernel))
      .sort()
      .map(kernel => ({ backend, kernel, isCalled: called.has(kernel), isSupplied: now.has(kernel) }))
  })
}

/** The table with a row for each backend. */
export function formatMissing(missing: readonly MissingKernel[]): string {
  const listed = (kernels: readonly MissingKernel[]): string =>
    kernels.map(({ kernel, isCalled }) => `\`${kernel}\`${isCalled ? ' (called)' : ''}`).join(', ') ||
    'nothing'
  return [
    '| tfjs backend | lacks, and `@mafjs/tensor/gradients` supplies | lacks, and tfjs refuses by name |',
    '|---|---|---|',
    ...BACKENDS.map(backend => {
      const ofIt = missing.filter(one => one.backend === backend)
      const [supplied, refused] = [true, false].map(is => ofIt.filter(one => one.isSupplied === is))
      return `| ${backend} | ${listed(supplied!)} | ${listed(refused!)} |`
    }),
  ].join('\n')
}

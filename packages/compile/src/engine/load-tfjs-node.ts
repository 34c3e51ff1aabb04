import { createRequire } from 'node:module'
import { InvalidArgumentError } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { availableThreads } from '../session/thread-count'
import { restoreUtil } from './restore-util'

/** The packages with TensorFlow's own kernels; the first that is installed is taken. */
export const TFJS_NODE_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

const require = createRequire(import.meta.url)

/** What mends a package that is there without its addon, or not there. */
const BUILD = 'node tools/build-tfjs-node.mjs --project FOLDER in a clone of the MAF.js repository'

/** The installed package with TensorFlow's kernels, or nothing. */
export function findTfjsNode(): string | undefined {
  return TFJS_NODE_PACKAGES.find(name => {
    try {
      require.resolve(name)
      return true
    } catch {
      return false
    }
  })
}

/** The threads that TensorFlow was started with; it asks once. */
let startedWith: number | undefined

/**
 * Loads the installed package with TensorFlow's kernels, which registers the tfjs backend `tensorflow`.
 *
 * @throws InvalidArgumentError where none is installed, or where it runs already with other threads.
 * @throws Error where it is installed without an addon that this Node can load, or for a tfjs-core of its own.
 */
export function loadTfjsNode({ threads }: { threads?: number | undefined } = {}): void {
  const name = findTfjsNode()
  if (name === undefined) {
    throw new InvalidArgumentError({
      argument: 'backend',
      rule: `may be tensorflow only where ${TFJS_NODE_PACKAGES.join(' or ')} is installed`,
      received: 'tensorflow',
      fix:
        'Install one: npm install @tensorflow/tfjs-node. On Node 22 and newer, or behind a firewall: ' +
        `npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0, then ${BUILD}.`,
    })
  }
  if (startedWith !== undefined && threads !== undefined && threads !== startedWith) {
    throw new InvalidArgumentError({
      argument: 'threads',
      rule: `must be what TensorFlow runs with in this process already (${startedWith})`,
      received: threads,
    })
  }
  if (startedWith !== undefined) return
  restoreUtil()
  // TensorFlow reads its settings from the environment. What the user has set stays, but for threads that are asked for.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1' // no remarks on the processor
  const wanted = threads ?? (Number(process.env['TF_NUM_INTRAOP_THREADS']) || availableThreads())
  process.env['TF_NUM_INTRAOP_THREADS'] = String(wanted)
  if (threads === undefined) process.env['TF_NUM_INTEROP_THREADS'] ??= String(wanted)
  else process.env['TF_NUM_INTEROP_THREADS'] = String(threads)
  try {
    require(name)
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n')
    throw new Error(
      `${name} is installed but could not be loaded (${reason!.trim()}). Build its addon: ${BUILD}. ` +
        'Or name another backend.',
      { cause },
    )
  }
  if (!tf.findBackend('tensorflow')) {
    throw new Error(
      `${name} computes for another copy of @tensorflow/tfjs-core than ner-maf's. ` +
        `Install both in one version: npm install @tensorflow/tfjs-core@4.22.0 ${name}@4.22.0.`,
    )
  }
  // It brings tfjs's own gradients, of which some are wrong (Maximum, FloorDiv, an unstack of one row ...).
  registerGradients({ replace: true })
  startedWith = wanted
}

/** Threads of the backend `tensorflow`, which has been loaded. */
export const tensorflowThreads = (): number => startedWith!

/** Whether the backend `tensorflow`, which has been loaded, computes on a GPU: the package for it runs without one too. */
export function isTensorflowOnGpu(): boolean {
  const backend = tf.findBackend('tensorflow') as tf.KernelBackend & { isUsingGpuDevice?: boolean }
  return backend.isUsingGpuDevice === true
}

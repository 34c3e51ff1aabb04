import { InvalidArgumentError } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { findTfjsNode, loadTfjsNode } from './load-tfjs-node'

/** The tfjs backends: `tensorflow` of an optional package, `wasm` and `cpu` of one each; `auto` takes the first there is. */
export const BACKENDS = ['auto', 'tensorflow', 'wasm', 'cpu'] as const

/** A backend of TensorFlow.js in Node. */
export type BackendName = (typeof BACKENDS)[number]

/** Packages that whoever wants one installs; each registers its backend. */
const LOAD = {
  wasm: () => import('@tensorflow/tfjs-backend-wasm') as Promise<unknown>,
  cpu: () => import('@tensorflow/tfjs-backend-cpu') as Promise<unknown>,
}

/** How a backend computes. */
export interface BackendOptions {
  /** Threads of the backend `tensorflow`; the others have one. @default one for each processor that this process may use */
  threads?: number | undefined
}

/**
 * The backend that a name stands for.
 *
 * @throws InvalidArgumentError for a name that is no {@link BackendName}.
 */
export function chooseBackend(name: BackendName): Exclude<BackendName, 'auto'> {
  if (!BACKENDS.includes(name)) {
    throw new InvalidArgumentError({
      argument: 'backend',
      rule: `must be one of ${BACKENDS.join(', ')}`,
      received: name,
    })
  }
  if (name !== 'auto') return name
  return findTfjsNode() === undefined ? 'wasm' : 'tensorflow'
}

/**
 * Starts a tfjs backend, registers the gradients training needs, and returns the backend's own name.
 *
 * @throws InvalidArgumentError for a name that is no {@link BackendName}, or a `tensorflow` that is not installed.
 * @throws Error when the backend does not start: tfjs itself would stay silently on another one.
 */
export async function useBackend(
  name: BackendName = 'auto',
  { threads }: BackendOptions = {},
): Promise<string> {
  const wanted = chooseBackend(name)
  if (wanted === 'tensorflow') loadTfjsNode({ threads })
  else {
    await LOAD[wanted]().catch((error: Error) => {
      const name = `@tensorflow/tfjs-backend-${wanted}`
      throw new InvalidArgumentError({
        argument: 'backend',
        rule: `may be ${wanted} only where ${name} is installed`,
        received: `${wanted} (${error.message.split('\n')[0]})`,
        fix: `Install it: npm install ${name}.`,
      })
    })
  }
  // tfjs greets Node users with an advertisement for another backend otherwise.
  tf.env().set('PROD', true)
  const started = await tf.setBackend(wanted)
  if (!started || tf.getBackend() !== wanted) {
    throw new Error(
      `The tfjs backend "${wanted}" did not start (active: ${tf.getBackend()}). Try backend: 'cpu', which runs everywhere.`,
    )
  }
  registerGradients()
  return wanted
}

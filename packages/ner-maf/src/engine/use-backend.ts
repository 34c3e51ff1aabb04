import { InvalidArgumentError } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'

/** The tfjs backends that come with this package; `auto` takes the fastest, wasm. */
export const BACKENDS = ['auto', 'wasm', 'cpu'] as const

/** One of {@link BACKENDS}. */
export type BackendName = (typeof BACKENDS)[number]

/**
 * Starts a tfjs backend, registers the gradients training needs, and returns the backend's own name.
 *
 * @throws InvalidArgumentError for a name that is none of {@link BACKENDS}.
 * @throws Error when the backend does not start: tfjs itself would stay silently on another one.
 */
export async function useBackend(name: BackendName = 'auto'): Promise<string> {
  if (!BACKENDS.includes(name)) {
    throw new InvalidArgumentError({
      argument: 'backend',
      rule: `must be one of ${BACKENDS.join(', ')}`,
      received: name,
    })
  }
  const wanted = name === 'auto' ? 'wasm' : name
  if (wanted === 'wasm') await import('@tensorflow/tfjs-backend-wasm')
  else await import('@tensorflow/tfjs-backend-cpu')
  // tfjs greets Node users with an advertisement for another backend otherwise.
  tf.env().set('PROD', true)
  const started = await tf.setBackend(wanted)
  if (!started || tf.getBackend() !== wanted) {
    throw new Error(
      `The tfjs backend "${wanted}" did not start (active: ${tf.getBackend()}). Try --backend cpu, which runs everywhere.`,
    )
  }
  registerGradients()
  return wanted
}

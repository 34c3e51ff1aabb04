import * as tf from '@tensorflow/tfjs-core'

/** What the engine did since the last reset. */
export interface Observation {
  kernels: Set<string>
  missing: Set<string>
  gradient: boolean
  read: boolean
}

/** What tfjs itself, and the onnx backend, say of a kernel that the backend does not have. */
const MISSING = [/Kernel '\w+' not registered for backend/, /The tfjs kernel \w+ has no ONNX lowering/]

type Method = (...parameters: never[]) => unknown

/** Puts a function before a method of an object; it may run the method itself. */
function around<K extends string>(
  object: Record<K, Method>,
  name: K,
  run: (method: () => unknown, first: unknown) => unknown,
): void {
  const original = object[name]
  object[name] = function (this: unknown, ...parameters: never[]) {
    return run(() => original.apply(this, parameters), parameters[0])
  }
}

/**
 * Wraps the methods of tfjs's engine through which every kernel, gradient and read of data passes. The engine is one
 * object for the life of the process: the specs reset it, which does not undo this.
 */
export function observeEngine(): { observed: () => Observation; reset: () => void } {
  const nothing = (): Observation => ({
    ...{ kernels: new Set(), missing: new Set(), gradient: false, read: false },
  })
  let observation = nothing()
  const engine = tf.engine() as unknown as Record<'runKernel' | 'gradients' | 'read' | 'readSync', Method>

  around(engine, 'runKernel', (method, name) => {
    const kernel = String(name)
    try {
      const outputs = method()
      observation.kernels.add(kernel)
      return outputs
    } catch (error) {
      const isMissing = MISSING.some(pattern => pattern.test(String(error)))
      observation[isMissing ? 'missing' : 'kernels'].add(kernel)
      throw error
    }
  })
  around(engine, 'gradients', method => {
    observation.gradient = true
    return method()
  })
  for (const read of ['read', 'readSync'] as const) {
    around(engine, read, method => {
      observation.read = true
      return method()
    })
  }
  return {
    observed: () => observation,
    reset: () => {
      observation = nothing()
    },
  }
}

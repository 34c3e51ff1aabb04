import { withLifetime } from '@mafjs/tensor/lifetime'
import type { Runtime } from './load-runtime'
import { type OpenedModel, openedSession } from './open-model'
import { runtimeOptions, type SessionOptions } from './session-options'

/** What a model's bytes are opened with. */
export interface OpenWithOptions extends SessionOptions {
  /** What lies beside the model, by the name that it calls it. @default nothing */
  beside?: Readonly<Record<string, Uint8Array>> | undefined
}

/**
 * Gives the bytes of a model to an ONNX Runtime that its caller has loaded, with the options of every other session. Without the probe
 * that Node's sessions make: kernels of wasm and WebGPU multiply bytes exactly (decision 0016).
 *
 * @throws Error of ONNX Runtime for a model that it cannot run.
 */
export async function openWith(
  runtime: Runtime,
  model: Uint8Array,
  { beside = {}, ...options }: OpenWithOptions = {},
): Promise<OpenedModel> {
  const session = await runtime.InferenceSession.create(model, {
    ...runtimeOptions(options, { exactBytes: false }),
    externalData: Object.entries(beside).map(([path, data]) => ({ path, data })),
  })
  return withLifetime(openedSession(runtime, session), { of: 'session', again: 'Open it again' })
}

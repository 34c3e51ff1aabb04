import type { InferenceSession } from 'onnxruntime-common'
import { type Runtime, runtimeFor } from './load-runtime'
import { probeInt8 } from './probe-int8'
import { runtimeOptions, type SessionOptions } from './session-options'

/** A model that ONNX Runtime holds, and its own interface. */
export interface RuntimeSession {
  runtime: Runtime
  session: InferenceSession
}

/**
 * Gives a model to ONNX Runtime: the one door to it, so that no session of ours computes bytes wrong.
 *
 * @param model the bytes of one, or the path of a file
 * @throws InvalidArgumentError for options that cannot be.
 */
export async function createRuntimeSession(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<RuntimeSession> {
  const runtime = await runtimeFor(options)
  // A runtime that cannot even multiply bytes loses nothing by the option.
  const exactBytes = await probeInt8().then(
    ({ saturates }) => saturates,
    () => true,
  )
  const chosen = runtimeOptions(options, { exactBytes })
  // One call for two types: ONNX Runtime declares a method for each.
  return { runtime, session: await runtime.InferenceSession.create(model as string, chosen) }
}

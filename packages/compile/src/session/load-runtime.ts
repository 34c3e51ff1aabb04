import type * as ort from 'onnxruntime-common'
import { assertSharedThreads, importRuntime, RUNTIME } from '#platform'
import type { SessionOptions } from './session-options'

/** ONNX Runtime's JavaScript interface. */
export type Runtime = typeof ort

let loading: Promise<Runtime> | undefined

/**
 * Loads ONNX Runtime the first time it is needed.
 *
 * @throws Error that names the command which installs it.
 */
export function loadRuntime(): Promise<Runtime> {
  loading ??= importRuntime().catch(cause => {
    loading = undefined
    throw new Error(
      'ONNX Runtime could not be loaded. It is an optional package that @mafjs/compile needs to run a program: ' +
        `npm install ${RUNTIME}`,
      { cause },
    )
  })
  return loading
}

/**
 * Loads ONNX Runtime for a program.
 *
 * @throws InvalidArgumentError for threads that it cannot have here.
 * @throws Error that names the command which installs it.
 */
export async function runtimeFor({ threads }: SessionOptions): Promise<Runtime> {
  const runtime = await loadRuntime()
  assertSharedThreads(runtime, threads)
  return runtime
}

/**
 * Resolves where ONNX Runtime can be loaded. It does not give it: the types of an optional package have no place among those
 * that everyone gets.
 *
 * @throws Error that names the command which installs it.
 */
export async function assertRuntime(): Promise<void> {
  await loadRuntime()
}

/**
 * The version of ONNX Runtime that programs run on.
 *
 * @throws Error that names the command which installs it.
 */
export const runtimeVersion = async (): Promise<string> => (await loadRuntime()).env.versions.common

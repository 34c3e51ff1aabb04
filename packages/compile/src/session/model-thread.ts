import { startThread } from '#platform'
import { callWorker } from '../thread/call-worker'
import type { OpenedModel } from './open-model'
import { separate } from './separate'
import type { HostTensor } from './session'
import { assertSessionOptions, type SessionOptions } from './session-options'

/** Opens a model in a thread of its own; its bytes are given away. Nothing may be under way when it is disposed. */
export async function openInThread(
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<OpenedModel> {
  // A wrong option is this thread's error.
  assertSessionOptions(options)
  const thread = startThread('session/session-worker')
  const { call, end } = callWorker(thread, 'runs a model')
  try {
    const opened = await call('open', [model, options], typeof model === 'string' ? [] : ownMemory(model))
    return {
      ...(opened as Pick<OpenedModel, 'declared' | 'declaredOutputs' | 'inputs' | 'outputs'>),
      run: (feeds, outputs) => call('run', [separate(feeds), outputs]) as Promise<Record<string, HostTensor>>,
      keep: feeds => call('keep', [separate(feeds)]) as Promise<void>,
      dispose: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** An array's memory, where nothing else lies in it. */
const ownMemory = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer.byteLength === byteLength ? [buffer as ArrayBuffer] : []

import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { OutputLine } from '../annotate-lines'
import {
  type FromLineWorker,
  LINES_COMMAND,
  type LineJob,
  type LineWorkerSetup,
  type LoadedModel,
  type ToLineWorker,
} from './line-job'

/** A process with a model, which annotates lines. */
export interface LineWorker {
  model: LoadedModel
  /** @throws WorkerGoneError where the process ends meanwhile. */
  annotate(job: LineJob): Promise<OutputLine[]>
  stop(): void
}

/** A process that ended without being told to. */
export class WorkerGoneError extends Error {
  override name = 'WorkerGoneError'
}

/**
 * Starts the command line itself as a process of its own, and loads the model in it.
 *
 * @throws the library's error for a model that cannot be loaded; WorkerGoneError where the process ends before.
 */
export async function startLineWorker(setup: LineWorkerSetup): Promise<LineWorker> {
  const child = fork(process.argv[1]!, [LINES_COMMAND], {
    serialization: 'advanced',
    // stdout is for lines, which the parent writes in their order.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const gone = new AbortController()
  // A send to a process that has just ended fails here; that it ended is told by its exit.
  child.on('error', () => {})
  child.once('exit', (code, signal) => gone.abort(new WorkerGoneError(signal ?? `exit code ${code}`)))
  const ask = async (message: ToLineWorker): Promise<FromLineWorker> => {
    gone.signal.throwIfAborted()
    const replied = once(child, 'message', { signal: gone.signal })
    child.send(message, () => {})
    const [reply] = await replied.catch(() => gone.signal.throwIfAborted() as never)
    // The error of the process under its own name: the command line shows an expected one without its stack.
    if ('failure' in reply) throw Object.assign(new Error(), reply.failure)
    return reply
  }
  try {
    const { loaded } = (await ask({ setup })) as { loaded: LoadedModel }
    return {
      model: loaded,
      annotate: async job => ((await ask({ job })) as { outputs: OutputLine[] }).outputs,
      stop: () => child.connected && child.disconnect(),
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Job } from '../queue/job'
import type { FromWorker, LoadedModel, ToWorker, WorkerSetup } from './worker-messages'

/** A process with a model. */
export interface ModelWorker {
  pid: number
  model: LoadedModel
  /** Aborted when the process is gone, with how it ended. */
  gone: AbortSignal
  /** @throws WorkerEndedError where the process ends meanwhile, or takes longer than it may, which ends it. */
  answer(batch: Job[]): Promise<Answer[]>
  /** Lets it go; nothing may be under way. */
  stop(): void
}

/** Thrown for a process that is gone. */
export class WorkerEndedError extends Error {
  override name = 'WorkerEndedError'
}

/** Thrown for a model that could not be loaded. */
export class ModelNotLoadedError extends Error {
  override name = 'ModelNotLoadedError'
}

/** How a worker's program is found: one file of the build, or the source, which this repository alone runs. */
function program(): { file: string; execArgv: string[] } {
  if (!import.meta.url.endsWith('.ts')) {
    return { file: fileURLToPath(new URL('./model-worker.js', import.meta.url)), execArgv: [] }
  }
  const loader = new URL('../../../../tools/workspace/from-source.mjs', import.meta.url).href
  return { file: fileURLToPath(new URL('model-worker.ts', import.meta.url)), execArgv: ['--import', loader] }
}

/**
 * Starts a process and loads the model in it.
 *
 * @param seconds that a batch may take
 * @throws ModelNotLoadedError with the library's words; WorkerEndedError where the process ends before.
 */
export async function startWorker(
  setup: WorkerSetup,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<ModelWorker> {
  signal.throwIfAborted()
  const { file, execArgv } = program()
  const child = fork(file, [], {
    ...{ execArgv, serialization: 'advanced' },
    // stdout is the server's own; libvips would start a thread for each processor for every picture.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { VIPS_CONCURRENCY: '1', TF_NUM_INTRAOP_THREADS: '1', ...process.env },
  })
  const kill = (): void => void child.kill('SIGKILL')
  // A send to a process that has just ended fails here; that it ended is told by its exit.
  child.on('error', () => {})
  signal.addEventListener('abort', kill)
  const gone = new AbortController()
  child.once('exit', (code, by) => {
    signal.removeEventListener('abort', kill)
    gone.abort(new WorkerEndedError(by === null ? `exit code ${code}` : `by ${by}`))
  })
  const reply = async (message: ToWorker): Promise<FromWorker> => {
    gone.signal.throwIfAborted()
    const replied = once(child, 'message', { signal: gone.signal })
    child.send(message, () => {})
    const [said] = await replied.catch(() => gone.signal.throwIfAborted() as never)
    return said as FromWorker
  }
  const first = await reply({ setup })
  if (!('loaded' in first)) {
    kill()
    throw new ModelNotLoadedError('failed' in first ? first.failed : 'no word of the model')
  }
  return {
    pid: child.pid!,
    model: first.loaded,
    gone: gone.signal,
    async answer(batch) {
      const late = setTimeout(kill, seconds * 1000)
      try {
        const said = await reply({ batch })
        if (!('answers' in said)) throw new WorkerEndedError('it did not answer')
        return said.answers
      } finally {
        clearTimeout(late)
      }
    },
    stop() {
      signal.removeEventListener('abort', kill)
      if (child.connected) child.disconnect()
    },
  }
}

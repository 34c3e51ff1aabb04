import { fileURLToPath } from 'node:url'
import { ProcessGoneError, startProcess } from '@mafjs/tensor/processes'
import type { Answer, Job } from '../queue/job'
import type { LoadedModel, ToWorker, WorkerSetup } from './worker-messages'

/** A process with a model. */
export interface ModelWorker {
  pid: number
  model: LoadedModel
  /** Aborted when the process is gone, with how it ended. */
  gone: AbortSignal
  /** @throws ProcessGoneError where the process ends meanwhile, or takes longer than it may, which ends it. */
  answer(batch: Job[]): Promise<Answer[]>
  /** Lets it go; nothing may be under way. */
  stop(): void
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
 * @throws ModelNotLoadedError with the library's words; ProcessGoneError where the process ends before.
 */
export async function startWorker(
  setup: WorkerSetup,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<ModelWorker> {
  signal.throwIfAborted()
  const { file, execArgv } = program()
  const child = startProcess<ToWorker, LoadedModel | Answer[]>(file, {
    execArgv,
    // libvips would start a thread for each processor for every picture.
    env: { ...process.env, VIPS_CONCURRENCY: process.env['VIPS_CONCURRENCY'] ?? '1' },
  })
  const leave = (): void => signal.removeEventListener('abort', child.kill)
  signal.addEventListener('abort', child.kill)
  child.gone.addEventListener('abort', leave)
  const model = (await child.ask({ setup }).catch(error => {
    if (error instanceof ProcessGoneError) throw error
    child.kill()
    throw new ModelNotLoadedError(`${(error as Error).name}: ${(error as Error).message}`)
  })) as LoadedModel
  return {
    pid: child.pid!,
    model,
    gone: child.gone,
    async answer(batch) {
      const late = setTimeout(child.kill, seconds * 1000)
      try {
        return (await child.ask({ batch })) as Answer[]
      } catch (error) {
        child.kill()
        throw error
      } finally {
        clearTimeout(late)
      }
    },
    stop() {
      leave()
      child.release()
    },
  }
}

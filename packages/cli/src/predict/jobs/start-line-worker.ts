import { startProcess } from '@mafjs/tensor/processes'
import type { OutputLine } from '../annotate-lines'
import {
  LINES_COMMAND,
  type LineJob,
  type LineWorkerSetup,
  type LoadedModel,
  type ToLineWorker,
} from './line-job'

/** A process with a model, which annotates lines. */
export interface LineWorker {
  model: LoadedModel
  /** @throws ProcessGoneError where the process ends meanwhile. */
  annotate(job: LineJob): Promise<OutputLine[]>
  stop(): void
}

/**
 * Starts the command line itself as a process of its own, and loads the model in it.
 *
 * @throws the library's error for a model that cannot be loaded; ProcessGoneError where the process ends before.
 */
export async function startLineWorker(setup: LineWorkerSetup): Promise<LineWorker> {
  const child = startProcess<ToLineWorker, LoadedModel | OutputLine[]>(process.argv[1]!, {
    args: [LINES_COMMAND],
  })
  const model = (await child.ask({ setup }).catch(error => {
    child.kill()
    throw error
  })) as LoadedModel
  return {
    model,
    annotate: async job => (await child.ask({ job })) as OutputLine[],
    stop: child.release,
  }
}

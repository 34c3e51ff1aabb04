import { loadMaf } from '@mafjs/ner-maf'
import { annotateLines, type LineSource, type OutputLine } from './annotate-lines'
import { annotateInJobs } from './jobs/annotate-in-jobs'
import type { LineWorkerSetup } from './jobs/line-job'
import { createLinePool } from './jobs/line-pool'
import { remarksOf } from './remarks'

/** What annotates the lines of a stream. */
export interface LineAnnotator {
  readsPictures: boolean
  /** The model's. */
  digest: string
  /** Sentences for a person. */
  remarks: readonly string[]
  /** @param options - `lastOfChunks`: lines after which all that was read is answered before more is waited for */
  annotate(
    lines: AsyncIterable<Uint8Array>,
    options: LineSource & { lastOfChunks?: WeakSet<Uint8Array> | undefined },
  ): AsyncGenerator<OutputLine>
  close(): Promise<void>
}

/** Loads a model in this process; it computes in a thread of its own, while lines are read and written. */
async function openHere({ model, unnamed, load, options }: LineWorkerSetup): Promise<LineAnnotator> {
  const maf = await loadMaf(model, { ...load, worker: 'auto' })
  return {
    readsPictures: maf.readsPictures,
    digest: maf.digest,
    remarks: remarksOf(maf, unnamed),
    annotate: (lines, source) => annotateLines(maf, lines, { ...options, ...source }),
    close: maf.dispose,
  }
}

/** Loads a model in processes of one thread each, which may end without the others. */
async function openInJobs(setup: LineWorkerSetup, jobs: number): Promise<LineAnnotator> {
  const { engine = 'auto', threads } = setup.load
  const pool = await createLinePool(
    // The engine tfjs takes no number of threads.
    { ...setup, load: { ...setup.load, threads: threads ?? (engine === 'tfjs' ? undefined : 1) } },
    jobs,
  )
  const { batchSize = 16, window = batchSize === 1 ? 1 : 8 * batchSize } = setup.options
  return {
    ...pool.model,
    annotate: (lines, source) => annotateInJobs(pool, lines, { jobs, window, ...source }),
    close: async () => pool.stop(),
  }
}

/**
 * Loads a model for lines.
 *
 * @param jobs processes that compute side by side, watched over. @default this process alone
 */
export const openLines = (setup: LineWorkerSetup, jobs: number | undefined): Promise<LineAnnotator> =>
  jobs === undefined ? openHere(setup) : openInJobs(setup, jobs)

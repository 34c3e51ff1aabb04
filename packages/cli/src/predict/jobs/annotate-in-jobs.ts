import { inBatches, mapAhead } from '@mafjs/train'
import type { OutputLine } from '../annotate-lines'
import type { LineJob } from './line-job'
import type { LinePool } from './line-pool'

/** How lines are dealt out. */
export interface AnnotateInJobsOptions {
  /** Processes. */
  jobs: number
  /** Lines that a process is given at a time. */
  window: number
  /** Lines after which all that was read is answered before more is waited for. @default none */
  lastOfChunks?: WeakSet<Uint8Array> | undefined
}

/** Annotates lines in several processes, in their order: one window is read ahead of those under way. */
export async function* annotateInJobs(
  pool: LinePool,
  lines: AsyncIterable<Uint8Array>,
  { jobs, window, lastOfChunks }: AnnotateInJobsOptions,
): AsyncGenerator<OutputLine> {
  async function* windows(): AsyncGenerator<LineJob> {
    let first = 1
    for await (const some of inBatches(lines, window, line => lastOfChunks?.has(line) ?? false)) {
      yield { lines: some, first }
      first += some.length
    }
  }
  const outputs = mapAhead(windows(), { atOnce: jobs + 1, stop: () => pool.stop() }, job =>
    pool.annotate(job),
  )
  for await (const some of outputs) yield* some
}

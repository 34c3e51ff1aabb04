import { inBatches, mapAhead } from '@mafjs/train'
import type { LineSource, OutputLine } from '../annotate-lines'
import type { LineJob } from './line-job'
import type { LinePool } from './line-pool'

/** How lines are dealt out. */
export interface AnnotateInJobsOptions extends LineSource {
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
  { jobs, window, lastOfChunks, file, first: begin = 1 }: AnnotateInJobsOptions,
): AsyncGenerator<OutputLine> {
  async function* windows(): AsyncGenerator<LineJob> {
    let first = begin
    for await (const some of inBatches(lines, window, line => lastOfChunks?.has(line) ?? false)) {
      yield { lines: some, file, first }
      first += some.length
    }
  }
  const outputs = mapAhead(windows(), { atOnce: jobs + 1, stop: () => {} }, job => pool.annotate(job))
  for await (const some of outputs) yield* some
}

import { once } from 'node:events'
import { streamLines } from '@mafjs/data'
import type { LineAnnotator } from './line-annotator'

/** What annotates lines, and how it is given them. */
export interface FilterOptions extends Pick<LineAnnotator, 'annotate' | 'readsPictures'> {
  /** Answers all lines of a chunk before the next is read, be the window full or not. */
  flush: boolean
  /** Ends the reading: what was read by then is answered. */
  signal: AbortSignal
}

/** What became of the lines. */
export interface FilterCounts {
  lines: number
  /** Lines that could not be read. */
  failed: number
  /** Posts whose pictures were not used: the model is text only. */
  ignored: number
  /** Posts that were read without a picture that is broken or missing. */
  skipped: number
}

/** Annotates stdin to stdout, one line for each: the filter that engines run. */
export async function filterLines({
  annotate,
  readsPictures,
  flush,
  signal,
}: FilterOptions): Promise<FilterCounts> {
  const counts = { lines: 0, failed: 0, ignored: 0, skipped: 0 }
  const known = new Set<string>()
  const lastOfChunks = flush ? new WeakSet<Uint8Array>() : undefined
  const lines = streamLines(process.stdin, { lastOfChunks, signal })
  for await (const { line, ok, hasPicture, skips, unread } of annotate(lines, { lastOfChunks })) {
    counts.lines += 1
    if (!ok) counts.failed += 1
    if (skips) counts.skipped += 1
    if (hasPicture && !readsPictures) counts.ignored += 1
    for (const name of unread) {
      if (known.size < known.add(name).size)
        console.error(`A field is not read: ${JSON.stringify(name.slice(0, 40))}.`)
    }
    // Waiting for the pipe keeps a slow reader from filling the memory.
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
  }
  return counts
}

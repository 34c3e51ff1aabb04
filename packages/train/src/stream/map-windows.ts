import { assertSizes } from '@mafjs/tensor'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { Lifetime } from '@mafjs/tensor/lifetime'
import { inBatches } from './in-batches'
import { mapAhead } from './map-ahead'
import { streamUntil } from './stream-until'
import { type AbortOptions, untilAborted } from './until-aborted'

/** Batches whose rows are sorted by length together: little of a batch is padding then. */
const BATCHES = 8

/** Windows that are worked on at a time: one is read while the other is computed. */
const AT_ONCE = 2

/** How many rows of a stream are taken at a time. */
export interface StreamOptions {
  /** Rows that are computed together. @default 16 */
  batchSize?: number | undefined
  /**
   * Rows that are read before the first is answered, to be sorted by length into batches; as many again are read meanwhile.
   * @default 8 batches; one row where a batch is one
   */
  window?: number | undefined
}

/** A stream that says where it pauses. */
export interface WindowEnds<Row> {
  /** Whether a row is the last of its window, full or not: what is there is then answered before more is read. @default none is */
  endsWindow?: ((row: Row) => boolean) | undefined
}

/** How a stream is worked on in windows. */
export interface MapWindowsOptions<Row> extends StreamOptions, WindowEnds<Row>, AbortOptions {
  /** A window is a call within it. */
  life: Lifetime
}

/**
 * Calls for windows of a stream and gives the results one by one, in order. Two windows at most are read ahead of the one that the consumer
 * is taking results from. Windows that are computed when the lifetime ends are given; then the stream is refused, and closed.
 *
 * @param call gives a result for each row
 * @throws InvalidArgumentError for sizes that are no positive whole numbers, a window smaller than a batch, or a lifetime that is over
 * @throws the reason of a signal that is aborted
 */
export async function* mapWindows<Row, Result>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  {
    life,
    batchSize = 16,
    window = batchSize === 1 ? 1 : BATCHES * batchSize,
    endsWindow,
    signal,
  }: MapWindowsOptions<Row>,
  call: (rows: Row[], options: { batchSize: number } & AbortOptions) => Promise<readonly Result[]>,
): AsyncGenerator<Result> {
  assertSizes({ batchSize, window })
  if (window < batchSize) {
    const rule = `must have room for a batch of ${batchSize}`
    throw new InvalidArgumentError({ argument: 'window', rule, received: window })
  }
  const left = new AbortController()
  const windows = inBatches(streamUntil(rows, [signal, life.over, left.signal]), window, endsWindow)
  const either = AbortSignal.any([left.signal, ...(signal instanceof AbortSignal ? [signal] : [])])
  const results = mapAhead(windows, { atOnce: AT_ONCE, stop: () => left.abort() }, rows =>
    untilAborted([signal], () => life.run(() => call(rows, { batchSize, signal: either }))),
  )
  for await (const some of results) {
    for (const result of some) {
      yield result
      signal?.throwIfAborted()
    }
  }
}

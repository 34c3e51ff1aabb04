import { InvalidArgumentError } from '@mafjs/tensor'
import { usableProcessors } from '#platform'

/**
 * The most threads that may be asked for, on every machine the same: a run goes on with the same bits only on as many
 * threads as it began with, on a smaller machine too.
 */
export const MOST_THREADS = 256

let available: number | undefined

/**
 * Threads that compute where nobody says how many: one for each processor that this process may use, by its affinity
 * (`os.availableParallelism()`) and by the quota of its control groups, rounded up. Found once in a process.
 */
export function availableThreads(): number {
  available ??= Math.max(1, Math.min(usableProcessors(), MOST_THREADS))
  return available
}

/**
 * Checks a number of threads.
 *
 * @throws InvalidArgumentError for what is no whole number from 1 to {@link MOST_THREADS}.
 */
export function assertThreads(threads: number): void {
  if (Number.isInteger(threads) && threads > 0 && threads <= MOST_THREADS) return
  throw new InvalidArgumentError({
    argument: 'threads',
    rule: `must be a whole number from 1 to ${MOST_THREADS}`,
    received: threads,
    fix: `Leave it out for one thread per processor, ${availableThreads()} here.`,
  })
}

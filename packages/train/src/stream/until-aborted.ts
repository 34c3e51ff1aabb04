import { setMaxListeners } from 'node:events'
import { InvalidArgumentError } from '@mafjs/tensor'

/** What may be ended before it is over. */
export interface AbortOptions {
  /** Rejects the call with its reason when it is aborted. @default nothing does */
  signal?: AbortSignal | undefined
}

/**
 * Makes a call and waits for it, until one of some signals is aborted: then by that signal's reason, while what is under way
 * ends in the background. Nothing stays on a signal, however the waiting ends.
 *
 * @throws InvalidArgumentError for what is no signal.
 */
export async function untilAborted<T>(
  signals: readonly (AbortSignal | undefined)[],
  call: () => Promise<T>,
): Promise<T> {
  const given = signals.filter(signal => signal !== undefined)
  for (const signal of given) {
    assertSignal(signal)
    signal.throwIfAborted()
    // Node would take more than ten calls at a time for a leak, and say so.
    setMaxListeners(0, signal)
  }
  let onAbort = (_: Event): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = ({ target }) => reject((target as AbortSignal).reason)
  })
  for (const signal of given) signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([call(), aborted])
  } finally {
    for (const signal of given) signal.removeEventListener('abort', onAbort)
  }
}

function assertSignal(signal: unknown): void {
  if (signal instanceof AbortSignal) return
  throw new InvalidArgumentError({
    argument: 'signal',
    rule: 'must be an AbortSignal',
    received: signal === null ? 'null' : typeof signal,
    fix: 'Give the signal of a controller: new AbortController().signal.',
  })
}

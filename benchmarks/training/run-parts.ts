import { InterruptedError } from '@mafjs/train'
import { untilInterrupted } from '../../tools/command'

/** What does the parts of a work, by their names. */
export type Parts<Options> = Readonly<
  Record<string, (options: Options, signal: AbortSignal) => Promise<void>>
>

/** Does parts of a work one after the other; an interruption ends it, and the same command goes on. */
export async function runParts<Options>(
  names: readonly string[],
  parts: Parts<Options>,
  options: Options,
): Promise<void> {
  const signal = untilInterrupted()
  for (const name of names) {
    try {
      await parts[name]!(options, signal)
    } catch (error) {
      if (!signal.aborted) throw error
      const step = error instanceof InterruptedError ? `Saved after step ${error.step}` : 'Interrupted'
      console.error(`${step}; the same command goes on.`)
      return
    }
  }
}

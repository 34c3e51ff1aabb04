import type { TrainingEvent } from '../record/events'

/** What events are printed to. */
type Stream = Pick<NodeJS.WritableStream, 'write'>

const shown = (value: number): string => value.toPrecision(4)

/**
 * Prints a line for every epoch: its mean losses, the validation score, and whether it is the best so far.
 *
 * @param stream where to. @default the standard output
 */
export function printEvents<Report extends object>(
  stream: Stream = process.stdout,
): (event: TrainingEvent<Report>) => void {
  return event => {
    if (event.type === 'step') return
    const { epoch, epochs, losses, validation, best, seconds } = event
    const parts = Object.entries(losses).map(([name, loss]) => `${name} ${shown(loss)}`)
    const { score } = (validation ?? {}) as { score?: unknown }
    if (typeof score === 'number') parts.push(`score ${shown(score)}`)
    stream.write(
      `epoch ${epoch} of ${epochs}: ${parts.join(', ')}${best ? ', best so far' : ''} (${seconds.toFixed(1)} s)\n`,
    )
  }
}

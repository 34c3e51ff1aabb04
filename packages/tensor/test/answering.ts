import { answerParent } from '../src/processes'

// A process that does as it is told.
type Question = { echo?: Uint8Array; fail?: string; exit?: number }
answerParent<Question>(
  async ({ echo, fail, exit }) => {
    if (exit !== undefined) process.exit(exit)
    if (fail !== undefined) throw new RangeError(`${fail}, ${process.argv.slice(2).join(' ')}`)
    return echo ?? new Promise(() => {})
  },
  { untilReleased: true },
)

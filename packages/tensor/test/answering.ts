import { answerParent } from '../src/processes'

// A process that does as it is told.
type Question = { echo?: Uint8Array; fail?: string; exit?: number; hold?: number }
answerParent<Question>(
  async ({ echo, fail, exit, hold }) => {
    if (exit !== undefined) process.exit(exit)
    if (fail !== undefined) throw new RangeError(`${fail}, ${process.argv.slice(2).join(' ')}`)
    if (hold !== undefined) {
      process.send?.('holding')
      for (const until = performance.now() + hold; performance.now() < until; );
      return hold
    }
    return echo ?? new Promise(() => {})
  },
  { untilReleased: true },
)

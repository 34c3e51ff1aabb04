/** Lets several runs work turn by turn, in the order in which they were made. */
export interface Turns {
  /** Waits until it is a run's turn. */
  take(run: number): Promise<void>
  /** Gives the turn to the next run. */
  pass(): void
}

/** @param runs how many there are */
export function createTurns(runs: number): Turns {
  const waiting = new Map<number, () => void>()
  let now = 0
  return {
    take(run) {
      if (run === now) return Promise.resolve()
      return new Promise(resolve => waiting.set(run, resolve))
    },
    pass() {
      now = (now + 1) % runs
      waiting.get(now)?.()
      waiting.delete(now)
    },
  }
}

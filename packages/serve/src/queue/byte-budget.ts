/** Bytes of requests that are in memory, over all connections. */
export interface ByteBudget {
  readonly taken: number
  /** Whether there was room; nothing is taken where there was not. */
  take(bytes: number): boolean
  giveBack(bytes: number): void
}

/** Makes a budget of which nothing is taken. */
export function createByteBudget(most: number): ByteBudget {
  let taken = 0
  return {
    get taken() {
      return taken
    },
    take(bytes) {
      if (taken + bytes > most) return false
      taken += bytes
      return true
    },
    giveBack(bytes) {
      taken -= bytes
    },
  }
}

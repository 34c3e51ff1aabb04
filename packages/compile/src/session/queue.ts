const forget = (): void => {}

/** Runs what it is given, one after another; of what is over it keeps nothing. */
export function createQueue(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<void> = Promise.resolve()
  return run => {
    const running = last.then(run)
    last = running.then(forget, forget)
    return running
  }
}

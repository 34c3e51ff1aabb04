/** Milliseconds that requests are worked on before everything else has its turn. */
const TURN = 5

/**
 * Works on what comes in order, a little at a time: with hundreds of connections, all that is ready in one turn of the event loop would
 * hold the answers of the workers, timers and signals until the last of it is done.
 *
 * @returns what takes one more
 */
export function inTurns<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
  const waiting: Args[] = []
  const go = (): void => {
    const until = performance.now() + TURN
    while (waiting.length > 0 && performance.now() < until) work(...waiting.shift()!)
    if (waiting.length > 0) setImmediate(go)
  }
  return (...args) => {
    if (waiting.push(args) === 1) setImmediate(go)
  }
}

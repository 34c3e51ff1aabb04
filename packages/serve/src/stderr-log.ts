import pino, { type Logger } from 'pino'

/** Bytes of lines, or milliseconds, after which lines are written together: each write wakes another thread, which costs more than the line. */
const TOGETHER = 8192
const LATEST = 100

/** Where nobody reads them, lines above it are dropped, in UTF-16 units. */
const KEPT = 2 ** 22

let log: Logger | undefined

/** The log of this process: JSON lines on stderr, since stdout is for results. What is not yet written when it ends is written then. */
export function stderrLog(): Logger {
  log ??= pino(
    {},
    pino.destination({
      dest: 2,
      sync: false,
      minLength: TOGETHER,
      periodicFlush: LATEST,
      maxLength: KEPT,
    }),
  )
  return log
}

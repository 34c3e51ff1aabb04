/** What the signals of Ctrl-C and of a polite `kill` end a process with: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Does something last when the process is interrupted, which then ends; what is being written aside stays aside.
 *
 * @returns leaves the signals to their usual effect again
 */
export function onInterrupt(act: () => void): () => void {
  const end = (signal: keyof typeof EXIT_CODES): void => {
    act()
    process.exit(EXIT_CODES[signal])
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  return () => {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}

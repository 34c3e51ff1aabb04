/** What the signals of Ctrl-C and of a polite `kill` end a process with: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** What a person is told while a step is finished and saved. */
export const STOPPING = 'Stopping after this step. Interrupt again to stop at once, without saving.'

/**
 * Asks for an end when the process is interrupted for the first time; the second time it ends at once. What is being written
 * aside stays aside.
 *
 * @param ask is given the exit code that the process should end with; false where there is nothing to wait for
 * @returns leaves the signals to their usual effect again
 */
export function onInterrupt(ask: (exitCode: number) => boolean): () => void {
  let isAsked = false
  const end = (signal: keyof typeof EXIT_CODES): void => {
    const exitCode = EXIT_CODES[signal]
    if (isAsked || !ask(exitCode)) process.exit(exitCode)
    isAsked = true
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return () => {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}

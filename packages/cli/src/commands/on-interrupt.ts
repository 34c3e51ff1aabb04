import type { Progress } from './progress'

/** What the signals of Ctrl-C and of a polite `kill` end a process with: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** A training that ends when its process is interrupted. */
export interface Interruptible {
  /** For the training. */
  signal: AbortSignal
  /** Leaves the signals to their usual effect again. */
  leave(): void
}

/**
 * Lets a training finish and save the step at hand when the process is interrupted for the first time; the second time the
 * process ends at once. What is being written aside stays aside.
 *
 * @param canSave whether there is something to wait for. @default there always is
 */
export function interruptible(progress: Progress, canSave: () => boolean = () => true): Interruptible {
  const controller = new AbortController()
  const end = (signal: keyof typeof EXIT_CODES): void => {
    process.exitCode = EXIT_CODES[signal]
    progress.stop()
    if (controller.signal.aborted || !canSave()) process.exit()
    console.error('Stopping after this step. Interrupt again to stop at once, without saving.')
    controller.abort()
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return {
    signal: controller.signal,
    leave() {
      process.off('SIGINT', end)
      process.off('SIGTERM', end)
    },
  }
}

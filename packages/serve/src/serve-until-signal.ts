import type { ServeOptions } from './serve-options'
import { startServer } from './start-server'

/** How a server of this process ends. */
export interface ServeUntilSignalOptions extends ServeOptions {
  /** Seconds that it may take to answer what was taken. @default 30 */
  grace?: number | undefined
}

/**
 * Serves a model until the process is told to end: SIGTERM and SIGINT stop it, a second one at once; SIGHUP loads the model anew.
 *
 * @returns the exit code: 0 where all that was taken is answered, else 1
 */
export async function serveUntilSignal({ grace, ...options }: ServeUntilSignalOptions): Promise<number> {
  const server = await startServer(options)
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop).off('SIGHUP', reload)
    }
    let isStopping = false
    const stop = (): void => {
      if (isStopping) process.exit(1)
      isStopping = true
      server
        .stop(grace)
        .then(isWhole => resolve(isWhole ? 0 : 1), reject)
        .finally(leave)
    }
    // What kept the new model from loading is in the log.
    const reload = (): void => void server.reload().catch(() => {})
    process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', reload)
  })
}

import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/** Makes something by its name in the workspace. */
type Make = (request: { root: string; name: string; signal: AbortSignal }) => Promise<string[]>

/**
 * A command `NAME` that makes something and says what to do with it; a signal undoes it.
 *
 * @param advice what is printed below the paths of what was made
 */
export async function makeCommand(
  command: string,
  make: Make,
  advice: (name: string) => string,
): Promise<void> {
  const interruption = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      process.exitCode = 128 + constants.signals[name]
      interruption.abort(new Error(`interrupted by ${name}; all is as it was`))
    })
  }
  const [name = '', ...others] = process.argv.slice(2)
  try {
    if (others.length > 0) throw new Error(`one NAME is expected. Received: ${[name, ...others].join(' ')}.`)
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const paths = await make({ root, name, signal: interruption.signal })
    console.log(`${paths.join('\n')}\n\n${advice(name)}`)
  } catch (error) {
    process.exitCode ||= 1
    console.error(`${command}: ${(error as Error).message}`)
  }
}

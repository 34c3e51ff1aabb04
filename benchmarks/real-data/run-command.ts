/** A script: what its command line says, and what it does. */
export interface Command<Options> {
  usage: string
  readOptions(arguments_: readonly string[]): Options
  run(options: Options): Promise<void>
}

/** Runs a script; a wrong command line gets its usage and exit code 2, a failure its message and 1. */
export async function runCommand<Options>({ usage, readOptions, run }: Command<Options>): Promise<void> {
  const say = (error: unknown): void => console.error(error instanceof Error ? error.message : error)
  let options: Options
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    say(error)
    console.error(`\n${usage}`)
    process.exitCode = 2
    return
  }
  await run(options).catch(error => {
    say(error)
    process.exitCode = 1
  })
}

import { InvalidArgumentError } from '@mafjs/tensor'

/** A positive whole number that an option gives. @throws InvalidArgumentError for any other text. */
export function countOf(argument: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new InvalidArgumentError({ argument, rule: 'must be a positive whole number', received: text })
}

/** One of some known names. @throws InvalidArgumentError for another. */
export function oneOf<Name extends string>(argument: string, known: readonly Name[], name: string): Name {
  const found = known.find(one => one === name)
  if (found !== undefined) return found
  throw new InvalidArgumentError({ argument, rule: `must be one of ${known.join(', ')}`, received: name })
}

/** Runs a script; a wrong command line gets its usage and exit code 2, a failure its message and 1. */
export async function runCommand<Options>(
  usage: string,
  readOptions: (words: string[]) => Options,
  run: (options: Options) => Promise<void>,
): Promise<void> {
  const say = (error: unknown, code: number): void => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = code
  }
  const words = process.argv.slice(2)
  if (words.includes('--help')) return console.log(usage)
  let options: Options
  try {
    options = readOptions(words)
  } catch (error) {
    say(error, 2)
    return console.error(`\n${usage}`)
  }
  await run(options).catch(error => say(error, 1))
}

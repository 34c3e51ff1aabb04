import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** How the command is used. */
export const USAGE = `npm run example own-fusion [-- options]
  --train N   posts to train on (default 3000)
  --valid N   posts to choose by (default 150)
  --test N    posts to measure on (default 400)
  --epochs N  passes over the training posts (default 5)
  --seeds N   trainings that mean and deviation are taken over (default 3)`

const DEFAULTS = { train: 3000, valid: 150, test: 400, epochs: 5, seeds: 3 }

/** What the command line says. */
export type ExampleOptions = typeof DEFAULTS

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for a number that is none.
 */
export function readOptions(arguments_: readonly string[]): ExampleOptions {
  const names = Object.keys(DEFAULTS) as (keyof ExampleOptions)[]
  const { values } = parseArgs({
    args: [...arguments_],
    options: Object.fromEntries(names.map(name => [name, { type: 'string' } as const])),
  })
  const options = { ...DEFAULTS }
  for (const name of names) {
    const number = Number(values[name] ?? DEFAULTS[name])
    if (!Number.isInteger(number) || number < 1) {
      throw new InvalidArgumentError({
        argument: `--${name}`,
        rule: 'must be a positive whole number',
        received: values[name],
      })
    }
    options[name] = number
  }
  return options
}

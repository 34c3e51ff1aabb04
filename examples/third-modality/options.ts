import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** How the command is used. */
export const USAGE = `npm run example third-modality [-- options]
  --posts N   posts to draw (default 2600)
  --valid N   of them to choose by (default 400)
  --test N    of them to measure on (default 600); the others are trained on
  --epochs N  passes over the posts to train on (default 20)
  --seeds N   trainings that mean and deviation are taken over (default 5)`

const DEFAULTS = { posts: 2600, valid: 400, test: 600, epochs: 20, seeds: 5 }

/** What the command line says. */
export type ExampleOptions = typeof DEFAULTS

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for a number that is none, or with no posts left to train on.
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
  const { posts, valid, test } = options
  if (valid + test < posts) return options
  throw new InvalidArgumentError({
    argument: '--posts',
    rule: `must be more than --valid and --test together (${valid + test})`,
    received: posts,
  })
}

import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** How the command is used. */
export const USAGE = `npm run example layers-model [-- options]
  --questions N  questions to draw (default 1600)
  --valid N      of them to choose by (default 200)
  --test N       of them to measure on (default 400); the others are trained on
  --epochs N     passes over the questions to train on (default 12)
  --seeds N      trainings that mean and deviation are taken over (default 3)
  --out DIR      where the model is saved (default: a temporary folder, removed at the end)`

const DEFAULTS = { questions: 1600, valid: 200, test: 400, epochs: 12, seeds: 3 }

/** What the command line says. */
export type ExampleOptions = typeof DEFAULTS & {
  /** Where the model is saved; none: in a temporary folder. */
  out?: string
}

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for a number that is none, or with no questions left to train on.
 */
export function readOptions(arguments_: readonly string[]): ExampleOptions {
  const names = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]
  const string = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...arguments_],
    options: { out: string, ...Object.fromEntries(names.map(name => [name, string])) },
  })
  const given = values as Partial<Record<string, string>>
  const counts = { ...DEFAULTS }
  for (const name of names) {
    const number = Number(given[name] ?? DEFAULTS[name])
    if (!Number.isInteger(number) || number < 1) {
      throw new InvalidArgumentError({
        argument: `--${name}`,
        rule: 'must be a positive whole number',
        received: given[name],
      })
    }
    counts[name] = number
  }
  const { questions, valid, test } = counts
  if (valid + test >= questions) {
    throw new InvalidArgumentError({
      argument: '--questions',
      rule: `must be more than --valid and --test together (${valid + test})`,
      received: questions,
    })
  }
  return { ...counts, ...(given['out'] !== undefined && { out: given['out'] }) }
}

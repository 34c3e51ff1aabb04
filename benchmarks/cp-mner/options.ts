import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** What the command line says. */
export interface CpMnerOptions {
  /** Folder of the data set. */
  data: string
  /** Folder with the image encoder's weights and the vocabulary. */
  models: string
  /** Where everything is written, and taken from when it is there. */
  work: string
  /** Of MAF and text only; the other rows have one. */
  seeds: number
  threads: number
  /** Learning rates to compare on the validation split, the test split left out; then nothing else is done. */
  rates: number[]
  /** Epochs of these trainings. */
  epochs: number
}

/** How the command is used. */
export const USAGE = `npm run cp-mner -- [options]
  --data DIR       the data set (default ../shared/data/cp-mner)
  --models DIR     weights and vocabulary (default ../shared/models)
  --work DIR       encoders, features, models and tables (default runs/cp-mner); what is finished is not done again
  --seeds N        seeds 37, 38 ... of MAF and text only (default 2); the other rows have one
  --threads N      (default 1)
  --rates R,R...   train text only with these learning rates on train and validation splits alone, and end
  --epochs N       epochs of these trainings (default 6)`

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for a number that is none.
 */
export function readOptions(arguments_: readonly string[]): CpMnerOptions {
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      data: { type: 'string', default: '../shared/data/cp-mner' },
      models: { type: 'string', default: '../shared/models' },
      work: { type: 'string', default: 'runs/cp-mner' },
      seeds: { type: 'string', default: '2' },
      threads: { type: 'string', default: '1' },
      rates: { type: 'string' },
      epochs: { type: 'string', default: '6' },
    },
  })
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  const count = (name: 'seeds' | 'threads' | 'epochs'): number => {
    const number = Number(values[name])
    const isCount = Number.isInteger(number) && number > 0
    return isCount ? number : refuse(`--${name}`, 'must be a positive whole number', values[name])
  }
  const rates = values.rates?.split(',').map(Number) ?? []
  if (!rates.every(rate => rate > 0))
    refuse('--rates', 'must be positive numbers with commas between', values.rates)
  const { data, models, work } = values
  return {
    data,
    models,
    work,
    seeds: count('seeds'),
    threads: count('threads'),
    rates,
    epochs: count('epochs'),
  }
}

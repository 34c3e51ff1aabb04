import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'
import { countOf } from '../command'

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
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
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
  const rates = values.rates?.split(',').map(Number) ?? []
  if (!rates.every(rate => rate > 0)) {
    const rule = 'must be positive numbers with commas between'
    throw new InvalidArgumentError({ argument: '--rates', rule, received: values.rates })
  }
  return {
    ...values,
    rates,
    seeds: countOf('--seeds', values.seeds),
    threads: countOf('--threads', values.threads),
    epochs: countOf('--epochs', values.epochs),
  }
}

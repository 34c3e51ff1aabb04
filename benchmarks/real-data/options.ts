import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'
import { EXPERIMENTS, type Experiment } from './experiments'

/** Which of the two is trained. */
export type Side = 'ours' | 'theirs'

/** What the command line says. */
export interface ResultsOptions {
  experiments: Experiment[]
  sides: Side[]
  seeds: number
  /** A Python with torch and transformers. */
  python: string
  /** Where models and evaluations are written, and taken from when they are there. */
  work: string
  /** Folder of the encoder that `pytorch/fetch_minilm.py` wrote. */
  encoder: string
  /** Folder with the data sets. */
  data: string
  threads: number
  /** Whether the test split is left out of it: for choosing settings. */
  validation: boolean
  list: boolean
}

/** How the command is used. */
export const USAGE = `npm run results -- [experiment...] [options]
  --list            print the experiments and end
  --seeds N         seeds 37, 38 ... of either side (default 3)
  --only SIDE       ours or theirs (default both)
  --python PYTHON   a Python with torch and transformers (default python3)
  --work DIR        models, evaluations and the comparison (default runs/results); what is finished is not done again
  --encoder DIR     MiniLM-L6 (default WORK/minilm; fetched by --python where it is not there)
  --data DIR        the data sets (default ../shared/data)
  --threads N       of either side (default 2)
  --validation      train and validation splits alone, to choose settings without a look at the test split`

/**
 * The options of a command line; without an experiment, all of them.
 *
 * @throws InvalidArgumentError for an unknown experiment or side, or a number that is none.
 */
export function readOptions(arguments_: readonly string[]): ResultsOptions {
  const { values, positionals } = parseArgs({
    args: [...arguments_],
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '3' },
      only: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      work: { type: 'string', default: 'runs/results' },
      encoder: { type: 'string' },
      data: { type: 'string', default: '../shared/data' },
      threads: { type: 'string', default: '2' },
      validation: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  })
  const { only, python, work, data, validation, list } = values
  const known = EXPERIMENTS.map(({ name }) => name)
  const unknown = positionals.find(name => !known.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: 'experiment',
      rule: `must be one of ${known.join(', ')}`,
      received: unknown,
    })
  }
  if (only !== undefined && only !== 'ours' && only !== 'theirs') {
    throw new InvalidArgumentError({ argument: '--only', rule: 'must be ours or theirs', received: only })
  }
  const count = (argument: 'seeds' | 'threads'): number => {
    const number = Number(values[argument])
    if (Number.isInteger(number) && number > 0) return number
    throw new InvalidArgumentError({
      argument: `--${argument}`,
      rule: 'must be a positive whole number',
      received: values[argument],
    })
  }
  return {
    experiments: EXPERIMENTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    sides: only === undefined ? ['ours', 'theirs'] : [only],
    seeds: count('seeds'),
    python,
    work,
    encoder: values.encoder ?? `${work}/minilm`,
    data,
    threads: count('threads'),
    validation,
    list,
  }
}

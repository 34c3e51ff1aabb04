import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { countOf, oneOf } from '../command'

const SIDES = ['ours', 'theirs'] as const

const config = (name: string): string => fileURLToPath(new URL(`configs/${name}`, import.meta.url))

/** Every experiment with an opponent: a data set and an encoder, with a configuration for either side. */
export const EXPERIMENTS = (['minilm', 'random'] as const).flatMap(encoder =>
  ['2015', '2017'].map(year => {
    // A small BERT from random weights has MiniLM's tokenizer.
    const words = encoder === 'random' ? 'a small BERT from random weights' : 'MiniLM-L6 pretrained'
    return {
      name: `twitter${year}-${encoder}`,
      title: `Twitter-${year}, ${words}, text only`,
      data: `twitter${year}`,
      random: encoder === 'random',
      ours: config(`${encoder}.yaml`),
      theirs: config(`${encoder}.torch.json`),
    }
  }),
)

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
export function readOptions(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
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
  const { only, work, encoder = `${work}/minilm` } = values
  const known = EXPERIMENTS.map(({ name }) => name)
  for (const name of positionals) oneOf('experiment', known, name)
  return {
    ...values,
    experiments: EXPERIMENTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    sides: only === undefined ? SIDES : [oneOf('--only', SIDES, only)],
    seeds: countOf('--seeds', values.seeds),
    threads: countOf('--threads', values.threads),
    encoder,
  }
}

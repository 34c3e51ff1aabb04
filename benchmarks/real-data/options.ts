import { fileURLToPath } from 'node:url'
import { Argument, Command, Option } from '@commander-js/extra-typings'
import { count } from '../../tools/command'

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

const NAMES = EXPERIMENTS.map(({ name }) => name)

/** The command line without what it does. */
export const resultsCommand = () =>
  new Command('npm run results --')
    .addArgument(new Argument('[experiment...]').choices(NAMES).default(NAMES))
    .option('--list', 'print the experiments and end')
    .option('--seeds <n>', 'seeds 37, 38 ... of either side', count, 3)
    .addOption(new Option('--only <side>', 'train one side').choices(['ours', 'theirs']))
    .option('--python <python>', 'a Python with torch and transformers', 'python3')
    .option('--work <folder>', 'for all that is made; what is finished is not done again', 'runs/results')
    .option('--encoder <folder>', 'MiniLM-L6 (default WORK/minilm; fetched where it is not there)')
    .option('--data <folder>', 'the data sets', '../shared/data')
    .option('--threads <n>', 'of either side', count, 2)
    .option('--validation', 'leave the test split out, to choose settings', false)

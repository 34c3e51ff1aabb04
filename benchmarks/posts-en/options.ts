import { Argument, Command } from '@commander-js/extra-typings'
import { count } from '../../tools/command'

/** The parts of the work, in their order. */
export const PARTS = [
  'data',
  'choose',
  'train',
  'calibrate',
  'export',
  'measure',
  'warm-start',
  'card',
] as const

/** The command line without what it does. */
export const modelCommand = () =>
  new Command('npm run model --')
    .addArgument(new Argument('[part...]', 'what is done').choices(PARTS).default([...PARTS]))
    .option('--data <folder>', 'open-ner, and twitter2015 and twitter2017 beside it', '../shared/data')
    .option(
      '--encoder <folder>',
      'all-MiniLM-L6-v2, as npm run encoders makes it',
      'runs/encoders/all-MiniLM-L6-v2',
    )
    .option('--work <folder>', 'for all that is trained; what is finished is not done again', 'runs/posts-en')
    .option('--results <folder>', 'for the JSON of what is finished', 'benchmarks/results')
    .option('--package <folder>', 'the package that the model goes into', 'models/posts-en')
    .option('--threads <n>', 'that compute', count, 2)
    .option('--epochs <n>', 'at most so many', count, 5)

/** What it was given. */
export type Options = ReturnType<ReturnType<typeof modelCommand>['opts']>

import { Argument, Command } from '@commander-js/extra-typings'
import { count } from '../../tools/command'

/** The parts of the study, in their order. */
export const PARTS = [
  'retrieval',
  'matching',
  'sentiment',
  'exchange',
  'why',
  'cp-mner-small',
  'cp-mner',
  'report',
] as const

/** The command line without what it does. */
export const eyesCommand = () =>
  new Command('npm run eyes --')
    .addArgument(new Argument('[part...]', 'what is done').choices(PARTS).default([...PARTS]))
    .option('--data <folder>', 'mvsa and cp-mner', '../shared/data')
    .option('--models <folder>', 'weights of MobileNetV2', '../shared/models')
    .option('--text-encoder <folder>', 'of MVSA', 'runs/encoders/all-MiniLM-L6-v2')
    .option('--chinese <folder>', 'text encoder of CP-MNER', 'runs/encoders/bert-base-multilingual-cased')
    .option('--image-encoder <folder>', 'the better eyes', 'runs/encoders/efficientnet-lite0')
    .option('--work <folder>', 'for all that is made; what is finished is not done again', 'runs/eyes')
    .option('--results <folder>', 'for the JSON of what is finished', 'benchmarks/results')
    .option('--seeds <n>', 'seeds 0, 1 ... on MVSA', count, 2)
    .option('--threads <n>', 'threads', count, 1)

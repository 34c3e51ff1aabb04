import { join } from 'node:path'
import { Argument, Command } from '@commander-js/extra-typings'
import { count } from '../../tools/command'

/** The parts of the study, in their order. */
export const PARTS = ['judge'] as const

/** The command line without what it does. */
export const picturesCommand = () =>
  new Command('npm run model-pictures --')
    .addArgument(new Argument('[part...]', 'what is done').choices(PARTS).default([...PARTS]))
    .option('--data <folder>', 'open-ner, twitter-mner-38, coco-cc and imagenet-100', '../shared/data')
    .option(
      '--work <folder>',
      'for all that is made; what is finished is not done again',
      'runs/posts-en-pictures',
    )
    .option('--results <folder>', 'for the JSON of what is finished', 'benchmarks/results')
    .option('--threads <n>', 'that compute', count, 2)

/** Where a trained model is: of text alone, or with pictures. */
export const modelFolder = (work: string, name: 'text' | 'pictures', seed: number): string =>
  join(work, `${name}-seed-${seed}`)

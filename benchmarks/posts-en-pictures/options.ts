import { join } from 'node:path'
import { Argument, Command } from '@commander-js/extra-typings'
import { count } from '../../tools/command'

/** The parts of the study, in their order. */
export const PARTS = ['corpus', 'features', 'transfer', 'train', 'judge'] as const

/** The command line without what it does. */
export const picturesCommand = () =>
  new Command('npm run model-pictures --')
    .addArgument(new Argument('[part...]', 'what is done').choices(PARTS).default([...PARTS]))
    .option('--data <folder>', 'open-ner, twitter-mner-38, coco-cc and imagenet-100', '../shared/data')
    .option(
      '--encoder <folder>',
      'all-MiniLM-L6-v2, as npm run encoders makes it',
      'runs/encoders/all-MiniLM-L6-v2',
    )
    .option(
      '--image-encoder <folder>',
      'EfficientNet-Lite0, as npm run encoders makes it',
      'runs/encoders/efficientnet-lite0',
    )
    .option(
      '--work <folder>',
      'for all that is made; what is finished is not done again',
      'runs/posts-en-pictures',
    )
    .option('--results <folder>', 'for the JSON of what is finished', 'benchmarks/results')
    .option('--threads <n>', 'that compute', count, 2)

/** What the command line says. */
export type Options = ReturnType<ReturnType<typeof picturesCommand>['opts']>

/** Where a trained model is: of text alone, or with pictures. */
export const modelFolder = (work: string, name: 'text' | 'pictures', seed: number): string =>
  join(work, `${name}-seed-${seed}`)

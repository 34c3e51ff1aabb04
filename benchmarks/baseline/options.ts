import { Argument, Command } from '@commander-js/extra-typings'
import type { TrainingSettings } from '@mafjs/train'
import { count } from '../../tools/command'

/** The paper's, but for the epochs; its 24 are more than a text encoder that was pretrained needs. */
export const PAPER = {
  batchSize: 64,
  learningRate: 5e-5,
  warmup: 0.1,
  epochs: 5,
  patience: 2,
  // The gradients of the whole batch, in the memory of a quarter of it.
  accumulate: 4,
} as const satisfies TrainingSettings

/** Rates of what starts from nothing, of which validation chooses after one epoch on Twitter-2017. */
export const RATES = {
  higher: [
    { parameters: 'crf', learningRate: 0.005 },
    { parameters: 'heads', learningRate: 0.001 },
  ],
  lower: [
    { parameters: 'crf', learningRate: 0.001 },
    { parameters: 'heads', learningRate: 0.0002 },
  ],
} as const satisfies Readonly<Record<string, TrainingSettings['groups']>>

/** One of them by name. */
export type RatesName = keyof typeof RATES

/** What is trained to the end, in this order. */
export const RUNS = [
  { data: 'twitter2017', seed: 37 },
  { data: 'twitter2015', seed: 37 },
  { data: 'twitter2017', seed: 38 },
] as const

/** What the published BERT-CRF reaches, percent, by the lenient rule of its lineage; from memory, not checked on paper. */
export const PUBLISHED: Readonly<Record<string, { precision?: number; recall?: number; f1: number }>> = {
  twitter2017: { precision: 83.32, recall: 83.57, f1: 83.44 },
  twitter2015: { f1: 71.81 },
}

/** The parts of the study, in their order. */
export const PARTS = ['agree', 'choose', 'train', 'opponent', 'times', 'report'] as const

/** The command line without what it does. */
export const baselineCommand = () =>
  new Command('npm run baseline --')
    .addArgument(new Argument('[part...]', 'what is done').choices(PARTS).default([...PARTS]))
    .option(
      '--encoder <folder>',
      'bert-base-cased, as npm run encoders makes it',
      'runs/encoders/bert-base-cased',
    )
    .option('--data <folder>', 'twitter2015 and twitter2017', '../shared/data')
    .option('--work <folder>', 'for all that is trained; what is finished is not done again', 'runs/baseline')
    .option('--results <folder>', 'for the JSON of what is finished', 'benchmarks/results')
    .option('--python <python>', 'a Python with torch and transformers', 'python3')
    .option('--threads <n>', 'of either side', count, 2)
    .option('--epochs <n>', 'at most so many', count, PAPER.epochs)
    .option('--tiny', 'of the part times: the sizes of the demo, to see that it runs', false)
    .option('--steps <n>', 'of the part agree', count, 20)

import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { count } from '../../tools/command'

function ratesOf(text: string): number[] {
  const rates = text.split(',').map(Number)
  if (rates.every(rate => rate > 0)) return rates
  throw new InvalidArgumentError('They must be positive numbers with commas between.')
}

const CONFIG = fileURLToPath(new URL('cp-mner.yaml', import.meta.url))

/** The command line without what it does. */
export const cpMnerCommand = () =>
  new Command('npm run cp-mner --')
    .option('--data <folder>', 'the data set', '../shared/data/cp-mner')
    .option('--models <folder>', 'weights and vocabulary', '../shared/models')
    .option('--work <folder>', 'for all that is made; what is finished is not done again', 'runs/cp-mner')
    .option('--text-encoder <folder>', 'a pretrained one (default: a small BERT from random weights)')
    .option(
      '--image-encoder <name>',
      'frozen, its output features where it is an .onnx file (default: MobileNetV2)',
    )
    .option('--config <file>', 'options of ner-maf train', CONFIG)
    .option('--text-only', 'MAF against text only, without the other rows', false)
    .option('--seeds <n>', 'seeds 37, 38 ... of MAF and text only; the other rows have one', count, 2)
    .option('--threads <n>', 'threads', count, 1)
    .option('--rates <r,r>', 'compare these rates of text only without the test split, and end', ratesOf, [])
    .option('--epochs <n>', 'epochs of these trainings', count, 6)

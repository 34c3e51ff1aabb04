import { InterruptedError } from '@mafjs/train'
import { Command, Option } from 'commander'
import { type AblateRunOptions, ablateRun } from '../ablate/ablate-run'
import { formatAblation } from '../ablate/ablation-report'
import { ABLATION_NAMES } from '../ablate/ablations'
import { withConfigFile } from './config-file'
import { interruptible } from './on-interrupt'
import { wholeNumber, withPictureRule } from './options'
import { createProgress } from './progress'
import { trainCommand } from './train'
import { seedLine } from './train-seeds'

/** The options of `ner-maf train` that are said otherwise here, or that the rows themselves decide. */
const OWN = new Set([
  ...['--data', '--images', '--image-encoder', '--out', '--overwrite', '--resume', '--seeds'],
  ...['--preset', '--without', '--optimizer'],
])

/** `ner-maf ablate` */
export function ablateCommand(): Command {
  const command = new Command('ablate')
    .option('--data <folder>', 'train, valid and test, in any format of posts')
    .option('--images <folder>', 'the pictures')
    .option('--image-encoder <file>', 'ResNet weights, a ViT or CLIP folder, or an .onnx file')
    .option('--out <folder>', 'folder to write: the report, and a folder for each row')
    .option('--overwrite', 'train anew what is finished', false)
    .addOption(
      new Option('--rows <names...>', 'which rows (default: all); maf is always one').choices([
        ...ABLATION_NAMES,
      ]),
    )
    .option('--seeds <count>', 'how many seeds every row is trained with', wholeNumber(1, 100), 1)
    .addOption(
      new Option('--split <name>', 'the split to score (default: test, or else valid)').choices([
        'valid',
        'test',
      ]),
    )
    .option('--rounds <count>', 'samples of either test', wholeNumber(1), 10_000)
    .option('--json', 'print the report as JSON', false)
  for (const option of trainCommand().options) if (!OWN.has(option.long!)) command.addOption(option)
  command.action(runAblation)
  return withConfigFile(command, ['data', 'images', 'imageEncoder', 'textEncoder', 'out'])
}

async function runAblation({
  json,
  config: _,
  ...options
}: AblateRunOptions & { json: boolean; config?: string; strict: boolean }): Promise<void> {
  const progress = createProgress()
  const { signal, leave } = interruptible(progress)
  try {
    const report = await ablateRun({
      ...withPictureRule(options),
      signal,
      onEvent: progress.onEvent,
      onNote: progress.onNote,
      onRow: name => console.error(`row ${name}`),
      onSeedDone: (...run) => console.error(seedLine(...run)),
    })
    progress.stop()
    console.log(json ? JSON.stringify(report, null, 2) : formatAblation(report))
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error
    console.error(`Interrupted. What is finished is in ${options.out}; the same command goes on.`)
  } finally {
    progress.stop()
    leave()
  }
}

import { Command, Option } from 'commander'
import { type AblateRunOptions, ablateRun } from '../ablate/ablate-run'
import { formatAblation } from '../ablate/ablation-report'
import { ABLATION_NAMES } from '../ablate/ablations'
import { percent } from '../evaluate/markdown-table'
import { InterruptedError } from '../train/interrupted-error'
import { onInterrupt, STOPPING } from './on-interrupt'
import { wholeNumber } from './options'
import { createProgress } from './progress'
import { trainCommand } from './train'

/** The options that mean here what they mean in `ner-maf train`. */
const SHARED = [
  ...['--text-encoder', '--random-text-encoder', '--splitter', '--max-length', '--epochs', '--batch-size'],
  ...['--learning-rate', '--warmup', '--weight-decay', '--clip', '--seed', '--strict'],
  ...['--engine', '--backend', '--threads', '--worker'],
]

/** `ner-maf ablate` */
export function ablateCommand(): Command {
  const command = new Command('ablate')
    .description('train MAF and its ablations, and print them as one table')
    .requiredOption('--data <folder>', 'train, valid and test files, .txt (CoNLL) or .jsonl')
    .requiredOption('--images <folder>', 'the pictures')
    .requiredOption('--image-encoder <file>', 'ResNet weights with torchvision names')
    .requiredOption('--out <folder>', 'folder to write: the report, and a folder for each row')
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
  for (const name of SHARED) command.addOption(trainCommand().options.find(({ long }) => long === name)!)
  return command.action(runAblation)
}

async function runAblation({ json, ...options }: AblateRunOptions & { json: boolean }): Promise<void> {
  const progress = createProgress()
  const controller = new AbortController()
  const leave = onInterrupt(exitCode => {
    progress.stop()
    process.exitCode = exitCode
    console.error(STOPPING)
    controller.abort()
    return true
  })
  try {
    const report = await ablateRun({
      ...options,
      signal: controller.signal,
      onEvent: progress.onEvent,
      onRow: name => console.error(`row ${name}`),
      onSeedDone: ({ seed, f1 }, trained) => {
        const how = trained ? 'done' : 'was done before'
        console.error(`seed ${seed} ${how}: F1 ${percent(f1.strict)} (strict)`)
      },
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

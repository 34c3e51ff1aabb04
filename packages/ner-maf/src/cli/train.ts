import { Command, Option } from 'commander'
import { brokenPictureLines, reportLines, SPLITTER_NAMES } from '../data'
import { formatReport } from '../evaluate'
import { ABLATED_MODULES } from '../model/presets'
import { completeSettings } from '../train/settings'
import { type TrainRunOptions, type TrainRunReport, trainRun } from '../train/train-run'
import { TrainingError } from '../train/training-error'
import { onInterrupt } from './on-interrupt'
import { backendOption, engineOption, number, threadsOption, wholeNumber, workerOption } from './options'
import { createProgress } from './progress'

const defaults = completeSettings()

/** `ner-maf train` */
export function trainCommand(): Command {
  return new Command('train')
    .description('train MAF on posts with pictures')
    .requiredOption('--data <folder>', 'train, valid and test files, .txt (CoNLL) or .jsonl')
    .option('--images <folder>', 'the pictures; without it every post counts as one without a picture')
    .requiredOption('--text-encoder <checkpoint>', 'BERT checkpoint: a folder, or a name on the hub')
    .option('--random-text-encoder', 'start the text encoder from random weights', false)
    .option('--image-encoder <file>', 'ResNet weights with torchvision names, or none', 'none')
    .requiredOption('--out <folder>', 'checkpoint folder to write')
    .option('--overwrite', 'replace an existing checkpoint folder', false)
    .addOption(
      new Option('--preset <name>', 'the mended model, or the published one with its quirks')
        .choices(['default', 'reference'])
        .default('default'),
    )
    .addOption(
      new Option('--without <modules...>', 'leave modules out').choices([...ABLATED_MODULES]).default([]),
    )
    .addOption(
      new Option('--splitter <name>', 'how texts become words when the model is used')
        .choices([...SPLITTER_NAMES])
        .default('tweet'),
    )
    .option('--max-length <pieces>', 'longest sequence of word pieces', wholeNumber(8, 512), 128)
    .option('--epochs <count>', 'passes over the training split', wholeNumber(1), defaults.epochs)
    .option('--batch-size <posts>', 'posts per step', wholeNumber(1), defaults.batchSize)
    .option('--learning-rate <rate>', 'highest learning rate', number(0), defaults.learningRate)
    .option('--warmup <share>', 'share of the steps in which it rises', number(0, 1), defaults.warmup)
    .option('--weight-decay <rate>', 'decoupled weight decay', number(0), defaults.weightDecay)
    .option('--clip <norm>', 'largest norm of the gradients', number(0), defaults.clip)
    .option('--seed <number>', 'seed of everything random', wholeNumber(0), defaults.seed)
    .addOption(
      new Option(
        '--optimizer <name>',
        'AdamW, or the published variant (default: "adamw"; "published" with --preset reference)',
      ).choices(['adamw', 'published']),
    )
    .option('--strict', 'stop at a missing or broken picture', false)
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(workerOption())
    .action(runTraining)
}

async function runTraining(options: TrainRunOptions): Promise<void> {
  const progress = createProgress()
  let kept = 0
  const whatIsKept = (): string =>
    kept > 0
      ? `Epoch ${kept}, the best so far, is in ${options.out}.`
      : 'The first epoch did not end: nothing was written.'
  const leave = onInterrupt(() => {
    progress.stop()
    console.error(`Interrupted. ${whatIsKept()}`)
  })
  try {
    const report = await trainRun({
      ...options,
      onRead: (splits, notes) => {
        for (const line of [...splits.flatMap(reportLines), ...notes]) console.error(line)
      },
      onEvent: event => {
        progress.onEvent(event)
        if (event.type === 'epoch' && event.best) kept = event.epoch
      },
    })
    progress.stop()
    printReport(report, options.out)
  } catch (error) {
    progress.stop() // before the error's line
    if (kept > 0 || error instanceof TrainingError) console.error(whatIsKept())
    throw error
  } finally {
    // A bar that is left as it is keeps the terminal's cursor hidden.
    progress.stop()
    leave()
  }
}

function printReport(report: TrainRunReport, out: string): void {
  const { validation, test, brokenPictures, training } = report
  for (const [split, scores] of Object.entries({ validation, test })) {
    if (scores) console.log(`\n${split}\n${formatReport(scores)}`)
  }
  for (const line of brokenPictureLines(brokenPictures)) console.error(line)
  const { cut, withoutGradient, bestEpoch } = training
  if (cut.length > 0) {
    console.error(
      `${cut.length} training posts are longer than the model reads; their last words were left out`,
    )
  }
  if (withoutGradient.length > 0) console.error(`No gradient reached ${withoutGradient.join(', ')}`)
  console.log(`\nBest epoch ${bestEpoch}; model written to ${out}`)
}

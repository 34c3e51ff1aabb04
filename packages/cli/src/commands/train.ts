import { brokenPictureLines, reportLines, SPLITTER_NAMES } from '@mafjs/data'
import { formatReport } from '@mafjs/evaluate'
import { ABLATED_MODULES, type TrainRunOptions, type TrainRunReport, trainRun } from '@mafjs/ner-maf'
import { completeSettings, InterruptedError, TrainingError } from '@mafjs/train'
import { Command, Option } from 'commander'
import type { TrainSeedsOptions } from '../seeds/train-seeds'
import { configOption, withConfigFile } from './config-file'
import { withFeatureCacheOptions } from './feature-cache-options'
import { longTextsOption, windowOverlapOption } from './long-text-options'
import { interruptible } from './on-interrupt'
import { withOnnxImageOptions } from './onnx-image-options'
import {
  backendOption,
  engineOption,
  number,
  shrinkOption,
  strictOption,
  threadsOption,
  wholeNumber,
  withPictureRule,
  workerOption,
} from './options'
import { parseGroup } from './parse-group'
import { createProgress } from './progress'
import { withReadingOptions } from './reading-options'
import { runSeeds } from './train-seeds'

const defaults = completeSettings()

/** `ner-maf train` */
export function trainCommand(): Command {
  const command = new Command('train')
    .option('--data <folder>', 'train, valid and test, in any format of posts')
    .option('--images <folder>', 'the pictures; without it every post counts as one without a picture')
    .option(
      '--init <model>',
      'a trained model to start from (folder, export, package, or a name on the hub); heads of other labels start anew',
    )
    .option(
      '--text-encoder <checkpoint>',
      'BERT, RoBERTa, DeBERTa, ModernBERT ...: a folder, or a name on the hub; default: that of --init',
    )
    .option('--random-text-encoder', 'start the text encoder from random weights', false)
    .option('--word-shapes', 'read capitals, digits, @ and # of words as written beside their pieces', false)
    .option('--image-encoder <file>', 'ResNet weights, a ViT or CLIP folder, an .onnx file, or none', 'none')
    .option('--train-image-encoder', 'train the image encoder too', false)
    .addOption(shrinkOption().default(false))
    .option('--out <folder>', 'checkpoint folder to write')
    .option('--overwrite', 'start anew in an existing checkpoint folder', false)
    .option('--resume', 'go on with the run in the folder, or begin it', false)
    .addOption(configOption())
    .addOption(
      new Option('--preset <name>', 'the mended model, or the published one with its quirks')
        .choices(['default', 'reference'])
        .default('default'),
    )
    .addOption(
      new Option('--without <modules...>', 'leave modules out').choices([...ABLATED_MODULES]).default([]),
    )
    .addOption(
      new Option(
        '--splitter <name>',
        'how texts become words when the model is used; default tweet, or that of --init without --text-encoder',
      ).choices([...SPLITTER_NAMES]),
    )
    .option(
      '--max-length <pieces>',
      'longest sequence of word pieces; default 128, or that of --init without --text-encoder',
      wholeNumber(8, 512),
    )
    .addOption(longTextsOption('"window"; "cut" with --preset reference'))
    .addOption(windowOverlapOption())
    .option('--dropout <rate>', 'dropout before the emissions', number(0, 0.999), 0.1)
    .option('--loss-weight <share>', 'weight of tagging against alignment and matching', number(0, 1), 0.62)
    .option('--epochs <count>', 'passes over the training split', wholeNumber(1), defaults.epochs)
    .option('--batch-size <posts>', 'posts per step', wholeNumber(1), defaults.batchSize)
    .option('--learning-rate <rate>', 'highest learning rate', number(0), defaults.learningRate)
    .option('--warmup <share>', 'share of the steps in which it rises', number(0, 1), defaults.warmup)
    .option('--weight-decay <rate>', 'decoupled weight decay', number(0), defaults.weightDecay)
    .option('--clip <norm>', 'largest norm of the gradients', number(0), defaults.clip)
    .addOption(
      new Option(
        '--clip-by <norm>',
        'of all gradients together or of each tensor (default: "global-norm"; "per-tensor" with --optimizer published)',
      ).choices(['global-norm', 'per-tensor']),
    )
    .addOption(
      new Option(
        '--schedule <name>',
        'the learning rate after the warm-up (default: "linear"; "published" with --optimizer published)',
      ).choices(['linear', 'cosine', 'constant', 'published']),
    )
    .option(
      '--groups <groups...>',
      'parameters with rates of their own or frozen: crf:lr=1e-3 encoders:frozen',
      parseGroup,
    )
    .option(
      '--layer-decay <factor>',
      'factor of the learning rate for each layer of the text encoder downwards',
      number(0, 1),
      defaults.layerDecay,
    )
    .option(
      '--accumulate <parts>',
      'parts that every batch is computed in',
      wholeNumber(1),
      defaults.accumulate,
    )
    .option(
      '--patience <epochs>',
      'epochs without a better validation F1 that end the run (default: never)',
      wholeNumber(1),
    )
    .option('--checkpoint-every <steps>', 'steps between checkpoints within an epoch', wholeNumber(1))
    .option('--seed <number>', 'seed of everything random', wholeNumber(0), defaults.seed)
    .option('--seeds <count>', 'train with so many seeds, one after the other', wholeNumber(1, 100))
    .addOption(
      new Option(
        '--optimizer <name>',
        'AdamW, or the published variant (default: "adamw"; "published" with --preset reference)',
      ).choices(['adamw', 'published']),
    )
    .addOption(strictOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(workerOption())
    .action(
      ({
        config: _,
        seeds,
        ...given
      }: Omit<TrainSeedsOptions, 'seeds'> & { seeds?: number; config?: string; strict: boolean }) => {
        const options = withPictureRule(given)
        return seeds !== undefined ? runSeeds({ ...options, seeds }) : runTraining(options)
      },
    )
  return withConfigFile(withReadingOptions(withFeatureCacheOptions(withOnnxImageOptions(command))), [
    'data',
    ['textEncoder', 'init'],
    'out',
  ])
}

async function runTraining(options: TrainRunOptions): Promise<void> {
  const progress = createProgress()
  let isTraining = false
  let kept = 0
  const whatIsKept = (): string =>
    kept > 0
      ? `Epoch ${kept}, the best so far, is in ${options.out}.`
      : 'The first epoch did not end: there is no model yet.'
  // Before the first step there is nothing to save.
  const { signal, leave } = interruptible(progress, () => isTraining)
  try {
    const report = await trainRun({
      ...options,
      signal,
      onRead: (splits, notes) => {
        for (const line of [...splits.flatMap(reportLines), ...notes]) console.error(line)
        isTraining = true
      },
      onNote: progress.onNote,
      onEvent: event => {
        progress.onEvent(event)
        if (event.type === 'epoch' && event.best) kept = event.epoch
      },
    })
    progress.stop()
    printReport(report, options.out)
  } catch (error) {
    progress.stop() // before the error's line
    if (error instanceof InterruptedError) {
      console.error(`Saved after step ${error.step}; go on with --resume. ${whatIsKept()}`)
      return
    }
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
  const { cut, windows, withoutGradient, bestEpoch } = training
  if (windows.posts > 0) {
    console.error(
      `${windows.posts} training posts are longer than the model reads; they were read in windows, ${windows.examples} examples in all`,
    )
  }
  if (cut.length > 0) {
    console.error(
      `${cut.length} training posts are longer than the model reads; their last words were left out (--long-texts window reads them whole)`,
    )
  }
  if (withoutGradient.length > 0) console.error(`No gradient reached ${withoutGradient.join(', ')}`)
  console.log(`\nBest epoch ${bestEpoch}; model written to ${out}`)
}

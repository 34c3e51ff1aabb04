import { describeEngine } from '@mafjs/compile/engine'
import { brokenPictureLines, reportLines } from '@mafjs/data'
import { formatEvaluation } from '@mafjs/evaluate/evaluations'
import { type EvaluateRunOptions, evaluateRun } from '@mafjs/ner-maf'
import { Command, Option } from 'commander'
import { withFeatureCacheOptions } from './feature-cache-options'
import { longTextsOption, windowOverlapOption } from './long-text-options'
import {
  backendOption,
  engineOption,
  strictOption,
  threadsOption,
  wholeNumber,
  withPictureRule,
} from './options'
import { withReadingOptions } from './reading-options'

/** `ner-maf evaluate` */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .requiredOption('--model <model>', 'checkpoint folder, export, installed package, or a name on the hub')
    .requiredOption('--data <path>', 'a data folder, or one file')
    .option('--images <folder>', 'the pictures')
    .addOption(
      new Option('--split <name>', 'which split of a folder')
        .choices(['train', 'valid', 'test'])
        .default('test'),
    )
    .option('--train <path>', 'posts whose entities count as seen (default: train of the data folder)')
    .option('--out <folder>', 'write report.json, report.md and predictions.jsonl there')
    .option('--overwrite', 'replace an evaluation that is there already', false)
    .option('--words', 'write the words of the posts into predictions.jsonl too', false)
    .option('--batch-size <posts>', 'posts per batch', wholeNumber(1), 16)
    .option('--json', 'print the report as JSON', false)
    .addOption(strictOption())
    .addOption(longTextsOption())
    .addOption(windowOverlapOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action(async ({ json, ...options }: EvaluateRunOptions & { json: boolean; strict: boolean }) => {
      const { split, report, engine, brokenPictures, cutPosts, dividedPosts, notes } = await evaluateRun(
        withPictureRule(options),
      )
      const lines = [
        describeEngine(engine),
        ...reportLines(split),
        ...notes,
        ...brokenPictureLines(brokenPictures),
      ]
      for (const line of lines) console.error(line)
      if (dividedPosts > 0)
        console.error(`${dividedPosts} posts are longer than the model reads; they were read in windows`)
      if (cutPosts > 0) {
        console.error(
          `${cutPosts} posts are longer than the model reads; their last words count as O (--long-texts window reads them whole)`,
        )
      }
      console.log(json ? JSON.stringify(report, null, 2) : formatEvaluation(report))
    })
  return withReadingOptions(withFeatureCacheOptions(command))
}

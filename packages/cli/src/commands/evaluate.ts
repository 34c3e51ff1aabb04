import { describeEngine } from '@mafjs/compile/engine'
import { brokenPictureLines, reportLines } from '@mafjs/data'
import { formatEvaluation } from '@mafjs/evaluate/evaluations'
import { type EvaluateRunOptions, type EvaluateRunResult, evaluateRun } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { Command, Option } from 'commander'
import { type ExplainErrorsResult, explainErrors, SHOWN_POSTS } from '../explain/explain-errors'
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

interface EvaluateCommandOptions extends EvaluateRunOptions {
  json: boolean
  strict: boolean
  explain?: string
  explainMost?: number
}

/** Scores a model, and writes the page of its errors where it is asked for. */
async function evaluate({
  explain,
  explainMost,
  ...options
}: EvaluateRunOptions & Pick<EvaluateCommandOptions, 'explain' | 'explainMost'>): Promise<
  { evaluated: EvaluateRunResult } | ExplainErrorsResult
> {
  if (explain !== undefined) return explainErrors({ ...options, explain, explainMost })
  if (explainMost === undefined) return { evaluated: await evaluateRun(options) }
  throw new InvalidArgumentError({
    argument: 'explainMost',
    rule: 'must be left out where no page of errors is written',
    received: explainMost,
    fix: 'Name the page with --explain errors.html.',
  })
}

/** What a person is told of the page of errors. */
const pageLines = ({ page, bytes, shown, wrong, notShown }: ExplainErrorsResult): string[] => [
  ...notShown.map(name => `The page has only the map of ${name}: it cannot be shown.`),
  `Errors written to ${page} (${Math.ceil(bytes / 1000)} kB): ${shown} of ${wrong} posts with an error`,
]

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
    .option(
      '--explain <file>',
      'write the posts with errors there, an .html file, with why they were read so',
    )
    .addOption(
      new Option(
        '--explain-most <posts>',
        `how many posts the page shows at most (default: ${SHOWN_POSTS})`,
      ).argParser(wholeNumber(1)),
    )
    .option('--words', 'write the words of the posts into predictions.jsonl too', false)
    .option('--batch-size <posts>', 'posts per batch', wholeNumber(1), 16)
    .option('--json', 'print the report as JSON', false)
    .addOption(strictOption())
    .addOption(longTextsOption())
    .addOption(windowOverlapOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action(async ({ json, ...options }: EvaluateCommandOptions) => {
      const done = await evaluate(withPictureRule(options))
      const { split, report, engine, brokenPictures, cutPosts, dividedPosts, notes } = done.evaluated
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
      if ('page' in done) for (const line of pageLines(done)) console.error(line)
      console.log(json ? JSON.stringify(report, null, 2) : formatEvaluation(report))
    })
  return withReadingOptions(withFeatureCacheOptions(command))
}

import { describeEngine } from '@mafjs/compile/engine'
import { brokenPictureLines } from '@mafjs/data'
import { Command, Option } from 'commander'
import { formatProbe } from '../probe/probe-report'
import { type ProbeRunOptions, probeRun } from '../probe/probe-run'
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

/** `ner-maf probe` */
export function probeCommand(): Command {
  const command = new Command('probe')
    .requiredOption(
      '--model <model>',
      'a model that reads pictures: checkpoint folder, installed package, or a name on the hub',
    )
    .requiredOption('--data <path>', 'a data folder, or one file')
    .requiredOption('--images <folder>', 'the pictures')
    .option('--foreign-images <folder>', 'pictures that belong to none of the posts')
    .addOption(
      new Option('--split <name>', 'which split of a folder')
        .choices(['train', 'valid', 'test'])
        .default('test'),
    )
    .option('--batch-size <posts>', 'posts per batch', wholeNumber(1), 16)
    .option('--rounds <count>', 'samples of either test', wholeNumber(1), 10_000)
    .option('--seed <number>', 'seed of the exchange and of the samples', wholeNumber(0), 37)
    .option('--out <folder>', 'write report.json and report.md there')
    .option('--overwrite', 'replace a report that is there already', false)
    .option('--json', 'print the report as JSON', false)
    .addOption(strictOption())
    .addOption(longTextsOption())
    .addOption(windowOverlapOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action(async ({ json, ...options }: ProbeRunOptions & { json: boolean; strict: boolean }) => {
      const { report, engine, brokenPictures } = await probeRun(withPictureRule(options))
      for (const line of [describeEngine(engine), ...brokenPictureLines(brokenPictures)]) console.error(line)
      console.log(json ? JSON.stringify(report, null, 2) : formatProbe(report))
    })
  return withReadingOptions(command)
}

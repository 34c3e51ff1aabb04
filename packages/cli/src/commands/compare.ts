import { formatComparison } from '@mafjs/evaluate/evaluations'
import { Command } from 'commander'
import { type CompareRunOptions, compareRun } from '../compare/compare-run'
import { wholeNumber } from './options'

/** `ner-maf compare` */
export function compareCommand(): Command {
  return new Command('compare')
    .requiredOption('--a <folder>', 'what evaluate --out or train --seeds wrote')
    .requiredOption('--b <folder>', 'the same of the other model')
    .option('--rounds <count>', 'samples of either test', wholeNumber(1), 10_000)
    .option('--seed <number>', 'seed of the samples', wholeNumber(0), 37)
    .option('--out <folder>', 'write report.json and report.md there')
    .option('--overwrite', 'replace a comparison that is there already', false)
    .option('--json', 'print the comparison as JSON', false)
    .action(async ({ json, ...options }: CompareRunOptions & { json: boolean }) => {
      const comparison = await compareRun(options)
      console.log(json ? JSON.stringify(comparison, null, 2) : formatComparison(comparison))
    })
}

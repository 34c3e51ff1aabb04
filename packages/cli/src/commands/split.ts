import { formatSplit, SPLITTER_NAMES, type SplitRunOptions, splitRun } from '@mafjs/data'
import { Command, Option } from 'commander'
import { number, threadsOption, wholeNumber } from './options'
import { withReadingOptions } from './reading-options'

/** So many pictures take longer than a person likes to wait without a word. */
const MANY = 1000

/** `ner-maf split` */
export function splitCommand(): Command {
  const command = new Command('split')
    .requiredOption('--data <file>', 'a file of posts')
    .requiredOption('--out <folder>', 'a new folder, for train, valid and test')
    .option('--valid <share>', 'share of the posts for the validation split; 0 for none', number(0, 1), 0.1)
    .option('--test <share>', 'share of the posts for the test split; 0 for none', number(0, 1), 0.1)
    .option('--images <folder>', 'the pictures; without it they are told apart by their names alone')
    .addOption(
      new Option('--splitter <name>', 'how texts become words, to compare them')
        .choices([...SPLITTER_NAMES])
        .default('tweet'),
    )
    .option('--seed <number>', 'seed of the order in which posts are dealt out', wholeNumber(0), 37)
    .addOption(threadsOption('pictures that are decoded at once, 4 at most'))
    .option('--json', 'print the report as JSON', false)
    .action(async ({ json, ...options }: SplitRunOptions & { json: boolean }) => {
      const report = await splitRun({
        ...options,
        onPictures: count => {
          if (count >= MANY) console.error(`Looking at ${count} pictures`)
        },
      })
      for (const note of report.notes) console.error(note)
      console.log(json ? JSON.stringify(report, null, 2) : formatSplit(report))
    })
  return withReadingOptions(command)
}

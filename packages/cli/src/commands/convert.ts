import {
  type ConvertReport,
  type ConvertRunOptions,
  convertRun,
  SPLITTER_NAMES,
  TARGET_NAMES,
} from '@mafjs/data'
import { Command, Option } from 'commander'
import { withReadingOptions } from './reading-options'

/** What was converted, for people. */
function describe({ to, posts, left, labelInterface }: ConvertReport, out: string): string {
  return [
    `${posts} ${posts === 1 ? 'post' : 'posts'} written to ${out} (${to}).`,
    left.length === 0
      ? 'All that was read was carried over.'
      : ['Not carried over:', ...left.map(({ what, count }) => `  ${what}: ${count}`)].join('\n'),
    ...(labelInterface ? ['', 'The labelling interface of the project:', '', labelInterface] : []),
  ].join('\n')
}

/** `ner-maf convert` */
export function convertCommand(): Command {
  const command = new Command('convert')
    .requiredOption('--data <path>', 'a file of posts, or a folder with train, valid and test')
    .requiredOption('--out <path>', 'a new file, or a new folder')
    .addOption(
      new Option('--to <format>', 'the format to write').choices([...TARGET_NAMES]).makeOptionMandatory(),
    )
    .option('--images <folder>', 'where pictures are written that stand in the data itself (Parquet)')
    .option('--model-version <name>', 'what Label Studio calls the predictions', 'ner-maf')
    .option('--image-prefix <url>', 'what stands before the name of a picture where Label Studio serves it')
    .addOption(
      new Option('--splitter <name>', 'how texts become words, where a format has words only')
        .choices([...SPLITTER_NAMES])
        .default('tweet'),
    )
    .option('--json', 'print the report as JSON', false)
    .action(async ({ json, ...options }: ConvertRunOptions & { json: boolean }) => {
      const report = await convertRun(options)
      for (const note of report.notes) console.error(note)
      console.log(json ? JSON.stringify(report, null, 2) : describe(report, options.out))
    })
  return withReadingOptions(command)
}

import { EXPORT_PROFILES } from '@mafjs/compile'
import { type ExportRunOptions, exportRun, formatQuantization, QUANTIZATIONS } from '@mafjs/ner-maf'
import { Command, Option } from 'commander'
import { threadsOption, wholeNumber } from './options'

/** `ner-maf export` */
export function exportCommand(): Command {
  return new Command('export')
    .requiredOption('--model <model>', 'checkpoint folder, installed package, or a name on the hub')
    .requiredOption('--out <folder>', 'folder to write')
    .option('--overwrite', 'replace an exported model', false)
    .addOption(
      new Option(
        '--quantize <type>',
        'bring weights to int8, for every processor or with all 8 bits, and measure what that costs',
      ).choices([...QUANTIZATIONS]),
    )
    .addOption(
      new Option(
        '--profile <name>',
        "latency: the encoders' self-attention becomes one operator each, for answers to one post",
      ).choices([...EXPORT_PROFILES]),
    )
    .option('--explain', 'write gates and attention as outputs too, for ner-maf explain', false)
    .option('--data <path>', 'labelled posts to measure on: a data folder, or one file')
    .addOption(
      new Option('--split <name>', 'which split of a folder')
        .choices(['train', 'valid', 'test'])
        .default('valid'),
    )
    .option('--images <folder>', 'their pictures')
    .option(
      '--calibration <posts>',
      'posts whose pictures decide the ranges of maps (default: 32)',
      wholeNumber(1),
    )
    .option('--force', 'write it even where more F1 is lost than int8 may cost, 0.5 points', false)
    .addOption(threadsOption())
    .option('--json', 'print the report as JSON', false)
    .action(async ({ json, ...options }: ExportRunOptions & { json: boolean }) => {
      const { bytes, report } = await exportRun(options)
      if (report) console.log(json ? JSON.stringify(report, null, 2) : formatQuantization(report))
      console.error(`Model written to ${options.out}: ${(bytes / 1e6).toFixed(1)} MB`)
    })
}

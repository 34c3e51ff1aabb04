import {
  ENVIRONMENT_PARTS,
  type EnvironmentPart,
  examineEnvironment,
  formatEnvironment,
  isSlow,
  isUnusable,
} from '@mafjs/compile/engine'
import { SPLITTER_NAMES } from '@mafjs/data'
import { type DoctorReport, type DoctorRunOptions, doctorRun, formatDoctorReport } from '@mafjs/data/doctor'
import { InvalidArgumentError } from '@mafjs/tensor'
import { Command, Option } from 'commander'
import sharp from 'sharp'
import { version } from '../version'
import { asFlags } from './as-flags'
import { type CheckingOptions, loadCheckingTokenizer } from './load-checking-tokenizer'
import { threadsOption, wholeNumber } from './options'
import { withReadingOptions } from './reading-options'

/** So many pictures take longer than a person likes to wait without a word. */
const MANY = 1000

/** What the process ends with: notes are no fault; 1 and 2 are a failed command and a wrong command line. */
const exitCode = ({ counts: { error, warning } }: DoctorReport): number =>
  error > 0 ? 4 : warning > 0 ? 3 : 0

type DoctorOptions = Partial<DoctorRunOptions> & CheckingOptions & { json: boolean; verbose: boolean }

/** What decodes pictures. */
const PICTURES: EnvironmentPart = {
  ...{ name: 'pictures', package: 'sharp', from: import.meta.url, isOptional: false },
  attempt: async () => {
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#010203' } })
      .png()
      .toBuffer()
    const pixel = [...(await sharp(png).raw().toBuffer())]
    if (pixel.join() !== '1,2,3') throw new Error(`it decoded ${pixel.join()} instead of 1,2,3`)
  },
  fix: 'npm install --include=optional sharp',
}

/** Without data: what this machine has to compute with. */
async function environment({ json, verbose, quick, ...options }: DoctorOptions): Promise<void> {
  const [given] = [...Object.keys(options), ...(verbose ? ['verbose'] : []), ...(quick ? ['quick'] : [])]
  if (given !== undefined) {
    throw new InvalidArgumentError({
      argument: '--data',
      rule: 'must be given with options about data',
      received: `--${given.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} without it`,
      fix: 'Give --data, or no option to examine this machine.',
    })
  }
  const report = await examineEnvironment([...ENVIRONMENT_PARTS, PICTURES])
  const [code, verdict] = isUnusable(report)
    ? [4, 'Commands do not work here.']
    : isSlow(report)
      ? [3, 'Commands work, slowly.']
      : [0, 'Commands work.']
  const lines = [
    `ner-maf ${version}, ${formatEnvironment(report)}`,
    '',
    verdict,
    'To examine a data set: ner-maf doctor --data FOLDER',
  ]
  console.log(json ? JSON.stringify({ nerMaf: version, ...report }, null, 2) : lines.join('\n'))
  process.exitCode = code
}

/** `ner-maf doctor` */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .option('--data <path>', 'a data folder, or one file; without it this machine is examined')
    .option('--images <folder>', 'the pictures; without it they are not checked')
    .addOption(
      new Option(
        '--text-encoder <checkpoint>',
        'check words and lengths with its tokenizer: a folder, or a name on the hub',
      ).conflicts('model'),
    )
    .option(
      '--model <model>',
      "the same with a trained model's: a folder, an export, an installed package, or a name on the hub",
    )
    .option(
      '--max-length <pieces>',
      "longest sequence of word pieces (default: the model's, else 128)",
      wholeNumber(8, 512),
    )
    .addOption(
      new Option('--splitter <name>', "how texts become words (default: the model's, else tweet)").choices([
        ...SPLITTER_NAMES,
      ]),
    )
    .option('--quick', 'read only the headers of pictures', false)
    .addOption(
      new Option('--fix <folder>', 'write a repaired copy there; the data itself stays as it is').conflicts(
        'quick',
      ),
    )
    .addOption(threadsOption('pictures that are decoded at once, 4 at most'))
    .option('--verbose', 'list every place, not only the first of each kind', false)
    .option('--json', 'print the report as JSON', false)
    .action(async ({ data, ...rest }: DoctorOptions, command: Command) => {
      if (data === undefined) return environment(rest)
      const { json, verbose, textEncoder, model, maxLength, ...options } = rest
      const { notes = [], ...checking } =
        (await loadCheckingTokenizer({ textEncoder, model, maxLength })) ?? {}
      const report = await doctorRun({
        ...checking,
        ...options,
        data,
        onPictures: count => {
          if (count >= MANY && !options.quick) {
            console.error(`Decoding ${count} pictures; --quick reads only their headers`)
          }
        },
      })
      for (const note of notes) console.error(note)
      // The library is given a tokenizer, the command where one comes from.
      const text = formatDoctorReport(report, { verbose }).replace(
        'give a tokenizer',
        'give --text-encoder or --model',
      )
      console.log(json ? JSON.stringify(report, null, 2) : asFlags(text, command))
      process.exitCode = exitCode(report)
    })
  return withReadingOptions(command)
}

import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { percent } from '@mafjs/evaluate'
import { runCommand } from '../../tools/command'
import { runNerMaf } from '../../tools/processes'
import { writeMobileNet } from '../real-data/mobilenet'
import { withoutTest } from '../real-data/write-posts'
import { cpMnerCommand } from './options'
import { writeTextEncoder } from './text-encoder'

// npm run cp-mner: Chinese paintings, long texts in windows, text only against MAF and its ablations. README.md says how.
type Options = ReturnType<ReturnType<typeof cpMnerCommand>['opts']>

/** What is trained, in this order: a table of its own for each, whose rows share their runs. */
const tables = ({ seeds, textOnly }: Options) => [
  ...(textOnly
    ? []
    : [
        {
          name: 'ablations',
          seeds: 1,
          rows: ['text-only', 'no-alignment', 'no-matching', 'no-interaction', 'no-gate'],
        },
      ]),
  { name: 'text-only', seeds, rows: ['text-only'] },
]

/** The options of either command that name the text encoder; a small one from random weights is written. */
async function textOf({ textEncoder, work, models }: Options) {
  return textEncoder
    ? { 'text-encoder': textEncoder }
    : { 'text-encoder': await writeTextEncoder(join(work, 'bert'), models), 'random-text-encoder': true }
}

/** Compares learning rates on the validation split, by text alone: the row that pictures are to be worth something against. */
async function compareRates(options: Options): Promise<void> {
  const { data, config, work, threads, rates, epochs } = options
  const posts = await withoutTest(data, join(work, 'validation'))
  const shared = { config, data: posts, ...(await textOf(options)), threads, epochs }
  for (const rate of rates) {
    const out = join(work, 'rates', `${rate}-${epochs}`)
    if (!existsSync(join(out, 'report.md')))
      await runNerMaf('train', { ...shared, 'learning-rate': rate, out, resume: true })
    const { training, validation } = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'))
    const f1 = percent(validation.strict.micro.f1)
    console.log(
      `learning rate ${rate}: validation F1 ${f1} (strict), epoch ${training.bestEpoch} of ${epochs}`,
    )
  }
}

async function measure(options: Options): Promise<void> {
  const { data, models, config, work, threads } = options
  const out = join(work, 'ablation')
  const text = await textOf(options)
  const imageEncoder = options.imageEncoder ?? (await writeMobileNet(join(work, 'mobilenetv2.onnx'), models))
  const pictures = {
    ...{ data, images: join(data, 'images'), threads },
    'image-encoder': imageEncoder,
    'regions-output': imageEncoder.endsWith('.onnx') ? 'features' : undefined,
    'feature-cache': join(work, 'features'),
  }
  await runNerMaf('features', pictures)
  for (const { name, ...own } of tables(options)) {
    const table = join(work, `${name}.md`)
    if (!existsSync(table)) {
      await runNerMaf('ablate', { ...pictures, config, ...text, ...own, out })
      // The next table goes on in the same folder, with the same runs, and replaces its report.
      await copyFile(join(out, 'report.json'), join(work, `${name}.json`))
      await copyFile(join(out, 'report.md'), table)
    }
    console.log(await readFile(table, 'utf8'))
  }
}

await runCommand(
  cpMnerCommand().action(async options => {
    const { data, models, work, rates } = options
    const absent = [data, models].filter(folder => !existsSync(folder))
    if (absent.length > 0) {
      console.warn(`SKIPPED, NOT MEASURED: ${absent.join(' and ')} is not here (--data, --models).`)
      return
    }
    await mkdir(work, { recursive: true })
    await (rates.length > 0 ? compareRates(options) : measure(options))
  }),
)

import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeMobileNet } from '../real-data/mobilenet'
import { runCommand } from '../real-data/run-command'
import { runNerMaf } from '../real-data/run-ner-maf'
import { withoutTest } from '../real-data/write-posts'
import { type CpMnerOptions, readOptions, USAGE } from './options'
import { writeTextEncoder } from './text-encoder'

// npm run cp-mner: Chinese paintings, long texts in windows, text only against MAF and its ablations. README.md says how.
const CONFIG = fileURLToPath(new URL('cp-mner.yaml', import.meta.url))

/** What is trained, in this order: a table of its own for each, whose rows share their runs. */
const tables = (seeds: number) => [
  {
    name: 'ablations',
    seeds: 1,
    rows: ['text-only', 'no-alignment', 'no-matching', 'no-interaction', 'no-gate'],
  },
  { name: 'text-only', seeds, rows: ['text-only'] },
]

/** Compares learning rates on the validation split, by text alone: the row that pictures are to be worth something against. */
async function compareRates({ data, models, work, threads, rates, epochs }: CpMnerOptions): Promise<void> {
  const [posts, encoder] = [await withoutTest(data, join(work, 'validation')), join(work, 'bert')]
  await writeTextEncoder(encoder, models)
  for (const rate of rates) {
    const out = join(work, 'rates', `${rate}-${epochs}`)
    if (!existsSync(join(out, 'report.md'))) {
      await runNerMaf([
        ...['train', '--config', CONFIG, '--data', posts, '--text-encoder', encoder, '--random-text-encoder'],
        ...['--learning-rate', String(rate), '--epochs', String(epochs), '--threads', String(threads)],
        ...['--out', out, '--resume'],
      ])
    }
    const { training, validation } = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'))
    const f1 = (100 * validation.strict.micro.f1).toFixed(2)
    console.log(
      `learning rate ${rate}: validation F1 ${f1} (strict), epoch ${training.bestEpoch} of ${epochs}`,
    )
  }
}

async function measure({ data, models, work, seeds, threads }: CpMnerOptions): Promise<void> {
  const [images, cache, out] = [join(data, 'images'), join(work, 'features'), join(work, 'ablation')]
  const encoder = await writeTextEncoder(join(work, 'bert'), models)
  const pictures = [
    '--image-encoder',
    await writeMobileNet(join(work, 'mobilenetv2.onnx'), models),
    '--regions-output',
    'features',
  ]
  const common = ['--data', data, '--images', images, ...pictures, '--feature-cache', cache]
  await runNerMaf(['features', ...common, '--threads', String(threads)])
  for (const { name, seeds: count, rows } of tables(seeds)) {
    const table = join(work, `${name}.md`)
    if (!existsSync(table)) {
      await runNerMaf([
        ...['ablate', '--config', CONFIG, ...common, '--text-encoder', encoder, '--random-text-encoder'],
        ...['--rows', ...rows, '--seeds', String(count), '--threads', String(threads), '--out', out],
      ])
      // The next table goes on in the same folder, with the same runs, and replaces its report.
      await copyFile(join(out, 'report.json'), join(work, `${name}.json`))
      await copyFile(join(out, 'report.md'), table)
    }
    console.log(await readFile(table, 'utf8'))
  }
}

async function run(options: CpMnerOptions): Promise<void> {
  const { data, models, work, rates } = options
  const absent = [data, models].filter(folder => !existsSync(folder))
  if (absent.length > 0) {
    console.warn(`SKIPPED, NOT MEASURED: ${absent.join(' and ')} is not here (--data, --models).`)
    return
  }
  await mkdir(work, { recursive: true })
  await (rates.length > 0 ? compareRates(options) : measure(options))
}

await runCommand({ usage: USAGE, readOptions, run })

import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareRun } from '@mafjs/cli'
import { readDataset } from '@mafjs/data'
import { formatComparison } from '@mafjs/evaluate/evaluations'
import { runCommand } from '../../tools/command'
import { runNerMaf } from '../../tools/processes'
import { makeEncoder } from '../encoders/make-encoder'
import { EXPERIMENTS, resultsCommand } from './options'
import { trainOpponent } from './train-opponent'
import { withoutTest } from './write-posts'

// npm run results: real data, ours against an opponent in PyTorch. README.md says how, docs/results.md what came out.
const FIRST_SEED = 37

type Options = ReturnType<ReturnType<typeof resultsCommand>['opts']>

/** What two cores can teach from nothing in a few minutes: the size called BERT-Mini (Turc et al., 2019). */
const SIZE = { num_hidden_layers: 4, hidden_size: 256, num_attention_heads: 4, intermediate_size: 1024 }

/** Writes the configuration and tokenizer of a small BERT without weights, the tokenizer being that of a larger one. */
async function writeSmallBert(folder: string, larger: string): Promise<void> {
  const { _name_or_path: _, ...config } = JSON.parse(await readFile(join(larger, 'config.json'), 'utf8'))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.json'), `${JSON.stringify({ ...config, ...SIZE }, null, 2)}\n`)
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt'])
    await copyFile(join(larger, file), join(folder, file))
}

/** Trains the sides that were asked for, then compares them where both are there. */
async function runExperiment(
  { name, title, data: folder, random, ours, theirs }: (typeof EXPERIMENTS)[number],
  pretrained: string,
  { only, seeds, python, work, data: all, threads, validation }: Options,
): Promise<void> {
  console.log(`\n## ${title}`)
  const out = join(work, validation ? `${name}-validation` : name)
  const source = join(all, folder)
  if (!existsSync(source)) {
    console.warn(`SKIPPED, NOT MEASURED: ${source} is not here (--data).`)
    return
  }
  const data = validation ? await withoutTest(source, join(work, `${folder}-validation`)) : source
  const encoder = random ? join(work, 'small-bert') : pretrained
  if (random) await writeSmallBert(encoder, pretrained)
  const [a, b] = [join(out, 'theirs'), join(out, 'ours')]
  if (only !== 'theirs') {
    // It goes on with what is there.
    const text = { 'text-encoder': encoder, 'random-text-encoder': random }
    await runNerMaf('train', { config: ours, data, ...text, seeds, threads, out: b })
  }
  if (only !== 'ours') {
    const dataset = await readDataset({ data, required: ['train', 'valid'] })
    const drawn = Array.from({ length: seeds }, (_, i) => FIRST_SEED + i)
    const shared = { data, encoder, random, threads, python, dataset }
    await trainOpponent({ ...shared, config: theirs, seeds: drawn, out: a })
  }
  const isWhole = [a, b].every(side => existsSync(join(side, 'summary.json')))
  if (!isWhole) return
  const comparison = join(out, 'comparison')
  const compared = await compareRun({ a, b, out: comparison, overwrite: existsSync(comparison) })
  console.log(formatComparison(compared))
}

await runCommand(
  resultsCommand().action(async (names, options) => {
    const { encoder = join(options.work, 'minilm'), python, list } = options
    const experiments = EXPERIMENTS.filter(({ name }) => names.includes(name))
    if (list) {
      for (const { name, title } of experiments) console.log(`${name.padEnd(22)} ${title}`)
      return
    }
    await makeEncoder('all-MiniLM-L6-v2', { out: encoder, python })
    for (const experiment of experiments) await runExperiment(experiment, encoder, options)
  }),
)

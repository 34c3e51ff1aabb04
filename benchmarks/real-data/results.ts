import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readDataset } from '@mafjs/data'
import { type Comparison, compareRun, formatComparison } from '@mafjs/ner-maf'
import type { Experiment } from './experiments'
import { type ResultsOptions, readOptions, USAGE } from './options'
import { runCommand } from './run-command'
import { runProcess } from './run-process'
import { writeSmallBert } from './small-bert'
import { trainOpponent } from './train-opponent'
import { trainOurs } from './train-ours'
import { withoutTest } from './write-posts'

// npm run results: real data, ours against an opponent in PyTorch. README.md says how, docs/results.md what came out.
const FIRST_SEED = 37
const FETCH = fileURLToPath(new URL('pytorch/fetch_minilm.py', import.meta.url))

const isWhole = async (folder: string): Promise<boolean> => {
  const text = await readFile(join(folder, 'summary.json'), 'utf8').catch(() => undefined)
  return text !== undefined
}

async function compareSides(out: string): Promise<Comparison | undefined> {
  const [a, b] = [join(out, 'theirs'), join(out, 'ours')]
  if (!(await isWhole(a)) || !(await isWhole(b))) return undefined
  return compareRun({ a, b, out: join(out, 'comparison'), overwrite: existsSync(join(out, 'comparison')) })
}

/** Trains the sides that were asked for, then compares them where both are there. */
async function runExperiment(
  { name, title, data: folder, random, ours, theirs }: Experiment,
  { sides, seeds, python, work, encoder: pretrained, data: all, threads, validation }: ResultsOptions,
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
  if (random) await writeSmallBert(encoder, { tokenizerOf: pretrained })
  const common = { data, encoder, random, threads }
  if (sides.includes('ours')) {
    await trainOurs({ ...common, config: ours, seeds, out: join(out, 'ours') })
  }
  if (sides.includes('theirs')) {
    const dataset = await readDataset({ data, required: ['train', 'valid'] })
    const drawn = Array.from({ length: seeds }, (_, i) => FIRST_SEED + i)
    const opponent = { config: theirs, seeds: drawn, python, out: join(out, 'theirs') }
    await trainOpponent({ ...common, ...opponent, dataset })
  }
  const comparison = await compareSides(out)
  if (comparison) console.log(formatComparison(comparison))
}

async function run(options: ResultsOptions): Promise<void> {
  if (options.list) {
    for (const { name, title } of options.experiments) console.log(`${name.padEnd(22)} ${title}`)
    return
  }
  const { encoder, python } = options
  if (!existsSync(encoder)) await runProcess(python, [FETCH, '--out', encoder])
  for (const experiment of options.experiments) await runExperiment(experiment, options)
}

await runCommand({ usage: USAGE, readOptions, run })

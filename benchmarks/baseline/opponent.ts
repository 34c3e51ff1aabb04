import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDataset, readEvaluation } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import { trainOpponent } from '../real-data/train-opponent'
import { writeResult } from '../write-result'
import { chooseRates, type Options } from './measure'
import { PAPER, RATES, RUNS } from './options'
import { recordOf } from './record'

/** Where the opponent's run is. */
export const opponentFolder = (work: string): string => join(work, 'opponent')

/** Trains PyTorch and transformers on Twitter-2017 from the same folder, at the same lengths, with our rates, and writes its JSON. */
export async function trainBaselineOpponent(options: Options, signal: AbortSignal): Promise<void> {
  const { encoder, python, threads, work, results, epochs } = options
  const rates = await chooseRates(options, signal)
  const [{ data, seed }] = RUNS
  const folder = join(options.data, data)
  const out = opponentFolder(work)
  const settings = {
    ...{ epochs, patience: PAPER.patience, 'batch-size': PAPER.batchSize, warmup: PAPER.warmup },
    ...{ 'learning-rate': PAPER.learningRate, 'head-rate': RATES[rates][1].learningRate },
  }
  if (!existsSync(join(out, 'summary.json'))) {
    const dataset = await readDataset({ data: folder, required: ['train', 'valid', 'test'] })
    const config = join(out, 'settings.json')
    await mkdir(out, { recursive: true })
    await writeFile(config, JSON.stringify(settings))
    await trainOpponent({
      ...{ dataset, data: folder, config, encoder, python, threads, out },
      ...{ random: false, seeds: [seed], signal },
    })
  }
  const scored = (await readEvaluation(join(out, 'evaluation', `seed-${seed}`))).evaluation
  const run = JSON.parse(await readFile(join(out, `seed-${seed}`, 'run.json'), 'utf8'))
  const record = recordOf(scored, {
    ...{ model: 'BERT with a linear head, bert-base-cased, transformers', data, seed, settings },
    ...{ epochs: run.history, bestEpoch: run.bestEpoch },
    versions: { torch: run.torch, node: process.version },
  })
  await writeResult(results, `baseline-${data}-opponent-seed-${seed}`, record)
  const [strict, lenient] = [scored.strict, scored.lenient].map(({ micro }) => percent(micro.f1))
  console.log(`${data}, PyTorch, seed ${seed}: test F1 ${strict} (strict), ${lenient} (lenient)`)
}

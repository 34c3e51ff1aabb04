import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEvaluation } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import { evaluateRun, version } from '@mafjs/ner-maf'
import { epochsOf, trainUntil } from '../training/train-until'
import { writeResult } from '../write-result'
import { type baselineCommand, PAPER, RATES, type RatesName, RUNS } from './options'
import { recordOf } from './record'

export type Options = ReturnType<ReturnType<typeof baselineCommand>['opts']>

const NAMES = Object.keys(RATES) as RatesName[]

/** Where a run with some rates is. */
export const runFolder = (work: string, data: string, rates: RatesName, seed: number): string =>
  join(work, `${data}-${rates}-seed-${seed}`)

/** BERT-CRF with the paper's settings at the posts' own lengths. */
export function runOf({
  encoder: textEncoder,
  rates,
  ...run
}: Pick<Options, 'data' | 'encoder' | 'epochs' | 'threads'> & {
  rates: RatesName
  seed: number
  out: string
}) {
  const { data, epochs, threads, seed, out } = run
  return { ...PAPER, ...{ data, textEncoder, epochs, threads, seed, out }, groups: RATES[rates] }
}

/** The rates with the highest validation F1 after an epoch; of equal ones the first. */
export function bestRates(first: Readonly<Record<RatesName, number>>): RatesName {
  return NAMES.reduce((best, name) => (first[name] > first[best] ? name : best))
}

/** Trains an epoch with each of the rates; the chosen run goes on from there later, as if it had never stopped. */
export async function chooseRates(options: Options, signal: AbortSignal): Promise<RatesName> {
  const { epochs, work } = options
  const [{ data, seed }] = RUNS
  const first: Partial<Record<RatesName, number>> = {}
  for (const rates of NAMES) {
    const out = runFolder(work, data, rates, seed)
    const folder = join(options.data, data)
    const [epoch] = await trainUntil({
      ...runOf({ ...options, data: folder, rates, seed, out }),
      signal,
      until: 1,
    })
    first[rates] = epoch!.strict
    console.log(`rates "${rates}": validation F1 ${percent(epoch!.strict)} (strict) after an epoch`)
  }
  const chosen = bestRates(first as Record<RatesName, number>)
  await writeResult(options.results, 'baseline-rates', {
    ...{ data, seed, settings: { ...PAPER, epochs }, rates: RATES },
    ...{ validation: first, chosen },
  })
  return chosen
}

/** Trains what is listed to the end with the chosen rates, scores each on its test split once, and writes its JSON. */
export async function trainRuns(options: Options, signal: AbortSignal): Promise<void> {
  const { epochs, threads, work, results } = options
  const rates = await chooseRates(options, signal)
  for (const { data, seed } of RUNS) {
    const out = runFolder(work, data, rates, seed)
    const folder = join(options.data, data)
    if (!existsSync(folder)) {
      console.warn(`SKIPPED, NOT MEASURED: ${folder} is not here (--data).`)
      continue
    }
    await trainUntil({ ...runOf({ ...options, data: folder, rates, seed, out }), signal })
    const evaluation = join(out, 'evaluation')
    if (!existsSync(join(evaluation, 'report.json')))
      await evaluateRun({ model: out, data: folder, threads, out: evaluation })
    const scored = (await readEvaluation(evaluation)).evaluation
    const { training } = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'))
    const record = recordOf(scored, {
      ...{ model: 'BERT-CRF, bert-base-cased', data, seed },
      settings: { ...PAPER, epochs, groups: RATES[rates] },
      ...{ epochs: await epochsOf(out), bestEpoch: training.bestEpoch },
      versions: { 'ner-maf': version, node: process.version },
    })
    await writeResult(results, `baseline-${data}-seed-${seed}`, record)
    const [strict, lenient] = [scored.strict, scored.lenient].map(({ micro }) => percent(micro.f1))
    console.log(`${data}, seed ${seed}: test F1 ${strict} (strict), ${lenient} (lenient)`)
  }
}

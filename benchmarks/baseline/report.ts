import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareRun } from '@mafjs/cli'
import { markdownTable, percent } from '@mafjs/evaluate'
import { formatComparison } from '@mafjs/evaluate/evaluations'
import { type Options, runFolder } from './measure'
import { opponentFolder } from './opponent'
import { PUBLISHED, RUNS } from './options'
import type { BaselineRecord } from './record'

const published = (data: string): string[] => {
  const { precision, recall, f1 } = PUBLISHED[data]!
  const shown = [precision, recall, f1].map(value => value?.toFixed(2) ?? '')
  return ['published BERT-CRF, from memory', '', ...shown, ...TYPES.map(() => '')]
}

const TYPES = ['PER', 'LOC', 'ORG', 'MISC']

/** The records' scores of a data set by either rule, each type's F1 beside, with what was published. */
export function scoreTable(data: string, records: readonly BaselineRecord[]): string {
  const rows = records.flatMap(({ model, seed, test }) =>
    (['strict', 'lenient'] as const).map(rule => {
      const { micro, perType } = test[rule]
      const values = [micro.precision, micro.recall, micro.f1, ...TYPES.map(type => perType[type]?.f1 ?? 0)]
      return [`${model}, seed ${seed}`, rule, ...values.map(value => percent(value))]
    }),
  )
  const columns = [`${data}, %`, 'rule', 'P', 'R', 'F1', ...TYPES]
  return markdownTable(columns, [...rows, published(data)])
}

/** Prints the records beside what was published, and whether PyTorch differs by more than chance. */
export async function report({ results, work }: Options): Promise<void> {
  const files = existsSync(results) ? (await readdir(results)).sort() : []
  const records = await Promise.all(
    files
      .filter(file => /^baseline-.*seed-\d+\.json$/.test(file))
      .map(async file => JSON.parse(await readFile(join(results, file), 'utf8')) as BaselineRecord),
  )
  for (const data of new Set(records.map(record => record.data)))
    console.log(
      `${scoreTable(
        data,
        records.filter(record => record.data === data),
      )}\n`,
    )
  const rates = join(results, 'baseline-rates.json')
  if (!existsSync(rates)) return
  const { chosen } = JSON.parse(await readFile(rates, 'utf8'))
  const [{ data, seed }] = RUNS
  const a = join(opponentFolder(work), 'evaluation', `seed-${seed}`)
  const b = join(runFolder(work, data, chosen, seed), 'evaluation')
  if (![a, b].every(folder => existsSync(join(folder, 'report.json')))) return
  console.log(formatComparison(await compareRun({ a, b })))
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { markdownTable, points, pValue } from '@mafjs/evaluate'
import { formatStudy } from '../studies/study'
import { formatCpMner } from './cp-mner'
import { PARTS } from './options'
import type { EyesRecord } from './record'

/** A part's tables for people. */
export function formatRecord({ part, eyes, differences }: EyesRecord): string {
  const rows = differences.map(({ eyes, a, b, measure, difference, interval, p }) => [
    ...[eyes, `${a} > ${b}`, measure],
    ...[points(difference), interval.map(points).join(' to '), pValue(p, 1e-4)],
  ])
  const columns = ['', 'from > to', 'measure', 'points', '95 % interval', 'p, one-sided']
  return [
    `## ${part}`,
    ...Object.entries(eyes).flatMap(([name, { columns, ways, figures = {} }]) => [
      `${name}:`,
      formatStudy({ columns, ways: nullsAsNaN(ways) }),
      ...Object.entries(figures).map(([name, value]) => `- ${name}: ${Number(value.toFixed(3))}`),
    ]),
    markdownTable(columns, rows, [0, 1, 2]),
  ].join('\n\n')
}

/** JSON has no NaN. */
const nullsAsNaN = (ways: EyesRecord['eyes'][string]['ways']) =>
  Object.fromEntries(
    Object.entries(ways).map(([name, runs]) => [
      name,
      runs.map(run => run.map(share => share ?? Number.NaN)),
    ]),
  )

/** Prints the tables of what is finished. */
export async function report({ results }: { results: string }): Promise<void> {
  for (const part of PARTS) {
    const file = join(results, `eyes-${part}.json`)
    if (!existsSync(file)) continue
    const record = JSON.parse(await readFile(file, 'utf8'))
    console.log(`${part.startsWith('cp-mner') ? formatCpMner(record) : formatRecord(record)}\n`)
  }
}

import type { PostKind } from '@mafjs/demo-corpus'
import type { ComparedWay } from './compare'
import { KINDS, type Scores } from './train-model'

const COLUMNS = [
  { title: 'all posts', of: ({ all }: Scores) => 100 * all },
  ...Object.entries(KINDS).map(([kind, title]) => ({
    title,
    of: ({ kinds }: Scores) => 100 * (kinds[kind as PostKind] ?? 0),
  })),
]

/** Mean, and deviation of the sample (`n - 1`) where there are several runs. */
function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(1)} ±${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`
}

/** The comparison as a Markdown table, in percent. @param textCeiling in [0, 1] */
export function formatTable(ways: readonly ComparedWay[], textCeiling: number): string {
  const rows = [
    ['strict F1, %', ...COLUMNS.map(({ title }) => title)],
    ['---', ...COLUMNS.map(() => '---:')],
    ...ways.map(({ name, runs }) => [name, ...COLUMNS.map(({ of }) => summary(runs.map(of)))]),
    ['ceiling of text only', (100 * textCeiling).toFixed(1), ...COLUMNS.slice(1).map(() => '')],
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}

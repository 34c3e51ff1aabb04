import type { ComparedWay } from './compare'
import { CEILINGS, GROUPS, type Group } from './draw-posts'
import type { Scores } from './metrics'

const COLUMNS = [
  { title: 'all posts', of: ({ all }: Scores) => 100 * all },
  ...Object.keys(GROUPS).map(group => ({
    title: group,
    of: ({ groups }: Scores) => 100 * groups[group as Group],
  })),
]

/** Mean, and deviation of the sample (`n - 1`) where there are several runs. */
export function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(1)} ±${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`
}

/** The comparison as a Markdown table, in percent, with what can be had on average. */
export function formatTable(ways: readonly ComparedWay[]): string {
  const only = (share: number): string[] => [
    (100 * share).toFixed(1),
    ...Array<string>(COLUMNS.length - 1).fill(''),
  ]
  const rows = [
    ['accuracy, %', ...COLUMNS.map(({ title }) => title)],
    ['---', ...COLUMNS.map(() => '---:')],
    ['chance', ...only(CEILINGS.chance)],
    ...ways.map(({ name, runs }) => [name, ...COLUMNS.map(({ of }) => summary(runs.map(of)))]),
    ['ceiling of text only', ...only(CEILINGS.text)],
    ['ceiling of sound only', ...only(CEILINGS.sound)],
    ['ceiling of text and sound', ...only(CEILINGS.both)],
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}

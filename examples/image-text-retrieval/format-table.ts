import type { ComparedWay } from './compare'
import { CUTS, type RetrievalScores } from './metrics'

const COLUMNS = [
  ...CUTS.map((k, i) => ({
    title: `T>I R@${k}`,
    of: ({ textToImage }: RetrievalScores) => 100 * textToImage[i]!,
  })),
  ...CUTS.map((k, i) => ({
    title: `I>T R@${k}`,
    of: ({ imageToText }: RetrievalScores) => 100 * imageToText[i]!,
  })),
  { title: 'AUC', of: ({ auc }: RetrievalScores) => 100 * auc },
]

/** Mean, and deviation of the sample (`n - 1`) where there are several runs. */
function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(1)} ±${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`
}

/** The comparison as a Markdown table, in percent. */
export function formatTable(ways: readonly ComparedWay[]): string {
  const rows = [
    ['', ...COLUMNS.map(({ title }) => title)],
    ['---', ...COLUMNS.map(() => '---:')],
    ...ways.map(({ name, runs }) => [name, ...COLUMNS.map(({ of }) => summary(runs.map(of)))]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}

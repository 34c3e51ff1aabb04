import type { ComparedWay, RunScores } from './compare'

/** Mean, and deviation of the sample (`n - 1`) where there are several runs, in percent. */
function summary(shares: readonly number[]): string {
  const values = shares.map(share => 100 * share)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(1)} ±${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`
}

/** The comparison as a Markdown table, in percent; the accuracy by what decides, where that is known. */
export function formatTable(ways: readonly ComparedWay[]): string {
  const kinds = Object.keys(ways[0]!.runs[0]!.byKind)
  const columns: { title: string; of: (run: RunScores) => number }[] = [
    { title: 'accuracy', of: ({ accuracy }) => accuracy },
    { title: 'macro F1', of: ({ macroF1 }) => macroF1 },
    ...kinds.map(kind => ({ title: kind, of: ({ byKind }: RunScores) => byKind[kind]! })),
  ]
  const rows = [
    ['', ...columns.map(({ title }) => title)],
    ['---', ...columns.map(() => '---:')],
    ...ways.map(({ name, runs }) => [name, ...columns.map(({ of }) => summary(runs.map(of)))]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}

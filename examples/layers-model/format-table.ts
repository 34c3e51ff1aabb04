import type { ComparedModel } from './compare'

/** Mean, and deviation of the sample (`n - 1`) where there are several runs. */
export function summary(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(1)} ±${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`
}

/** Shares of right answers that nothing was trained for, by what they are. */
export type Baselines = Readonly<Record<string, number>>

/** The comparison as a Markdown table, accuracy in percent. */
export function formatTable(models: readonly ComparedModel[], baselines: Baselines): string {
  const rows = [
    ['', 'parameters', 'accuracy, %'],
    ['---', '---:', '---:'],
    ...Object.entries(baselines).map(([name, share]) => [name, '', (100 * share).toFixed(1)]),
    ...models.map(({ name, parameters, runs }) => [
      name,
      String(parameters),
      summary(runs.map(run => 100 * run)),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}

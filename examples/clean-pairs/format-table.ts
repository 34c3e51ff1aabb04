import type { Comparison } from './compare'
import type { CleaningScores, ReliabilityBin } from './measures'

const COLUMNS: { title: string; of: (scores: CleaningScores) => number | undefined }[] = [
  { title: 'dropped', of: ({ dropped }) => dropped },
  { title: 'precision', of: ({ precision }) => precision },
  { title: 'recall', of: ({ recall }) => recall },
  { title: 'lost', of: ({ lost }) => lost },
  { title: 'AUC', of: ({ auc }) => auc },
  { title: 'ECE', of: ({ ece }) => ece },
  { title: 'share found', of: ({ found }) => found },
]

/** Mean, and deviation of the sample (`n - 1`) where there are several runs, in percent. */
function summary(shares: readonly (number | undefined)[]): string {
  const values = shares.flatMap(share => (share === undefined ? [] : [100 * share]))
  if (values.length === 0) return '-'
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length === 1) return mean.toFixed(1)
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return `${mean.toFixed(1)} ±${Math.sqrt(squares / (values.length - 1)).toFixed(1)}`
}

/** The comparison as a Markdown table, in percent. */
export const formatWays = ({ ways }: Comparison): string =>
  markdown([
    ['', ...COLUMNS.map(({ title }) => title)],
    ...ways.map(({ name, runs }) => [name, ...COLUMNS.map(({ of }) => summary(runs.map(of)))]),
  ])

/** What was said and what is true, in percent, as a Markdown table. */
export function formatReliability({ reliability: { calibrated, uncalibrated } }: Comparison): string {
  const cells = (bins: readonly ReliabilityBin[], tenth: number): string[] => {
    const bin = bins.find(({ said }) => Math.min(9, Math.floor(10 * said)) === tenth)
    return bin
      ? [`${bin.pairs}`, (100 * bin.said).toFixed(1), (100 * bin.matching).toFixed(1)]
      : ['0', '', '']
  }
  const titles = ['pairs', 'said', 'matching']
  return markdown([
    ['probability', ...titles.map(title => `calibrated: ${title}`), ...titles.map(title => `not: ${title}`)],
    ...Array.from({ length: 10 }, (_, tenth) => [
      `${10 * tenth} to ${10 * (tenth + 1)}`,
      ...cells(calibrated, tenth),
      ...cells(uncalibrated, tenth),
    ]),
  ])
}

function markdown([titles, ...rows]: string[][]): string {
  const lines = [titles!, ['---', ...titles!.slice(1).map(() => '---:')], ...rows]
  const widths = titles!.map((_, column) => Math.max(...lines.map(line => line[column]!.length)))
  return lines.map(line => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`).join('\n')
}

import type { Spread } from './significance/seed-test'

/**
 * A table in Markdown, its columns as wide as they need.
 *
 * @param left columns of words, which stand to the left; numbers stand to the right. @default the first
 */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const table = [header, ...rows].map(cells => cells.map(cell => cell.replaceAll('|', '\\|')))
  const widths = header.map((_, column) => Math.max(3, ...table.map(cells => (cells[column] ?? '').length)))
  const line = (cells: readonly string[]): string => {
    const padded = widths.map((width, i) =>
      left.includes(i) ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width),
    )
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, i) =>
    left.includes(i) ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`,
  )
  return [line(table[0]!), `|${rule.join('|')}|`, ...table.slice(1).map(line)].join('\n')
}

/** A share from 0 to 1 in percent, with two decimals. */
export const percent = (share: number): string => (100 * share).toFixed(2)

/** A difference of shares in points of a hundred, with its sign. */
export function points(difference: number): string {
  const value = (100 * difference).toFixed(2)
  return difference > 0 && Number(value) !== 0 ? `+${value}` : value.replace(/^-(0\.00)$/, '$1')
}

/** A p value with three decimals; below what the rounds can tell apart it is only bounded. */
export function pValue(p: number, floor = 0): string {
  if (p <= 0) return `< ${significant(floor)}`
  return p < 0.001 ? significant(p) : p.toFixed(3)
}

const significant = (p: number): string => (p >= 0.001 ? p.toFixed(3) : p.toExponential(0))

/** Mean and deviation in percent, e.g. `71.20 ±0.41`. */
export const spread = ({ mean, deviation }: Spread): string =>
  deviation === null ? percent(mean) : `${percent(mean)} ±${percent(deviation)}`

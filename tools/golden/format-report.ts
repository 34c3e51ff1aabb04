import { type FolderReport, isWithin } from './comparison'

/** Tensor names by their first part, with how many each stands for. */
function grouped(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const group = name.split('.')[0]!
    counts.set(group, (counts.get(group) ?? 0) + 1)
  }
  return [...counts].map(([group, count]) => `${group}.* (${count} tensors)`).join(', ')
}

/** A folder's report as a table, and how many of its lines fail. */
export function formatReport({ folder, rows, unmatched, unused }: FolderReport): {
  text: string
  failed: number
} {
  const width = Math.max(20, ...rows.map(({ name }) => name.length))
  const number = (value: number): string => value.toExponential(2).padStart(9)
  const lines = rows.map(row => {
    const mark = isWithin(row) ? 'ok  ' : 'FAIL'
    const note = row.note ? `  ${row.note}` : ''
    return `${mark} ${row.name.padEnd(width)} ${number(row.deviation)} <= ${number(row.tolerance)}${note}`
  })
  const failing = rows.filter(row => !isWithin(row)).length
  const closest = rows
    .map(({ deviation, tolerance }) => deviation / tolerance)
    .filter(Number.isFinite)
    .reduce((largest, share) => Math.max(largest, share), 0)
  const nothing = rows.length === 0
  return {
    text: [
      `\n== ${folder}`,
      ...lines,
      ...unmatched.map(name => `FAIL ${name}  nothing here is compared with it`),
      nothing ? 'FAIL there is nothing to compare' : '',
      unused.length > 0 ? `left out on purpose, never used by the published model: ${grouped(unused)}` : '',
      `${rows.length - failing}/${rows.length} within tolerance, ${unmatched.length} unmatched; the closest is at ${(100 * closest).toFixed(0)} % of its tolerance`,
    ]
      .filter(Boolean)
      .join('\n'),
    failed: failing + unmatched.length + (nothing ? 1 : 0),
  }
}

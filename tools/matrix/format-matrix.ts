import { TASKS } from './compute'
import type { Verdict } from './judge'
import { SUBJECTS } from './subjects'

/** One way of computing with what came of it. */
export interface MatrixRow {
  target: string
  verdicts: readonly Verdict[]
  note?: string
  missing?: string
}

/** The table with a row for each way of computing, and below it why something is not there. */
export function formatMatrix(rows: readonly MatrixRow[]): string {
  const reasons: string[] = []
  const mark = (reason: string): string => {
    const line = reason.split('\n')[0]!
    if (!reasons.includes(line)) reasons.push(line)
    return `[${reasons.indexOf(line) + 1}]`
  }
  const cell = ({ verdicts, missing }: MatrixRow, subject: string): string => {
    if (missing !== undefined) return mark(missing)
    return TASKS.map(task => {
      const verdict = verdicts.find(one => one.subject === subject && one.task === task)
      if (!verdict) return '-'
      return verdict.error === undefined ? mark(verdict.reason!) : verdict.error.toExponential(0)
    }).join(', ')
  }
  const names = SUBJECTS.map(({ name }) => name)
  return [
    `| | ${names.join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows.map(row => {
      const title = row.note === undefined ? row.target : `${row.target} (${row.note})`
      return `| ${title} | ${names.map(name => cell(row, name)).join(' | ')} |`
    }),
    '',
    ...reasons.map((reason, i) => `[${i + 1}] ${reason}\n`),
  ].join('\n')
}

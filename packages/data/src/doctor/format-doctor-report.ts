import { groupBy } from '../group-by'
import type { DoctorReport } from './doctor-run'
import type { ExaminedSplit } from './examine'
import { FINDINGS, type Finding, type FindingCode } from './findings'

const counted = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`

const splitLines = ({ split, file, posts, words, entities, known }: ExaminedSplit): string[] => {
  const types = Object.entries(entities).map(([type, count]) => `${type} ${count}`)
  const total = Object.values(entities).reduce((sum, count) => sum + count, 0)
  const byType = total > 0 ? ` (${types.join(', ')})` : ''
  const counts = [
    counted(posts, 'post'),
    counted(words, 'word'),
    counted(total, 'entity', 'entities') + byType,
  ].join(', ')
  const name = known && (known.isPublished ? `${known.name}, as published` : `${known.name}, edited`)
  return [`${split}: ${file}`, `  ${counts}`, ...(name ? [`  ${name}`] : [])]
}

const findingLines = (code: FindingCode, findings: readonly Finding[], most: number): string[] => {
  const { severity, title } = FINDINGS[code]
  const fixes = new Set(findings.slice(0, most).map(({ fix }) => `  ${fix}`))
  const shown = findings.slice(0, most).map(({ file, line, message }) => {
    return `  ${line === undefined ? file : `${file}:${line}`}: ${message}`
  })
  const more =
    findings.length > most ? [`  and ${findings.length - most} more (verbose: true lists them)`] : []
  return ['', `${severity} ${code} (${findings.length}): ${title}`, ...shown, ...more, ...fixes]
}

/** A report as a person reads it: every kind of finding with its first places, or with all of them. */
export function formatDoctorReport(report: DoctorReport, { verbose = false } = {}): string {
  const { splits, findings, counts, skipped, copy } = report
  const kinds = groupBy(findings, ({ code }) => code)
  const most = verbose ? Number.POSITIVE_INFINITY : 3
  const written = copy && [
    '',
    `A repaired copy is in ${copy.folder}: ${counted(copy.repairs.length, 'repair')}, listed in its repairs.jsonl.`,
  ]
  return [
    ...splits.flatMap(splitLines),
    ...skipped.map(what => `Not checked: ${what}.`),
    ...[...kinds].flatMap(([code, all]) => findingLines(code, all, most)),
    '',
    `${counted(counts.error, 'error')}, ${counted(counts.warning, 'warning')}, ${counted(counts.note, 'note')}`,
    ...(written ?? []),
  ].join('\n')
}

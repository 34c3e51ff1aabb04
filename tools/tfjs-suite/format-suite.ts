import type { Judged } from './judge'
import { type Counts, type KernelTally, shareOf } from './tally'

const HEAD = ['kernel', 'passed', 'failed', 'not lowered', 'gradients:', 'passed', 'failed', 'not lowered']

const cells = ({ passed, failed, notLowered }: Counts): string[] => [passed, failed, notLowered].map(String)

/** The kernels as an aligned table. */
export function formatTable(tallies: readonly KernelTally[]): string {
  const rows = [HEAD]
  for (const { kernel, specs, gradients } of tallies)
    rows.push([kernel, ...cells(specs), '', ...cells(gradients)])
  const widths = HEAD.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows
    .map(row =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .join('\n')
}

/** Some specs' counts in one line. */
export function formatCounts(title: string, counts: Counts): string {
  const { passed, failed, notLowered } = counts
  const percent = (100 * shareOf(counts)).toFixed(1)
  return `${title}: ${passed} passed, ${failed} failed, ${notLowered} not lowered (${percent} % passed)`
}

/** What was not counted and why, in one line. */
export function formatUncounted(judged: readonly Judged[]): string {
  const number = (verdict: Judged['verdict']): number =>
    judged.filter(spec => spec.verdict === verdict).length
  const withoutKernel = judged.filter(({ verdict }) => verdict === 'no kernel')
  const failed = withoutKernel.filter(({ status }) => status === 'failed').length
  return [
    `not counted: ${number('argument check')} argument checks passed and ${number('failed argument check')} failed`,
    `${withoutKernel.length - failed} specs without a kernel passed and ${failed} failed`,
    `${number('switched off')} switched off by tfjs`,
  ].join('; ')
}

/** A failed spec with the reason it has and its first message cut short, or with all of them whole. */
export function formatFailure(spec: Judged, reason: string | undefined, verbose: boolean): string {
  const { verdict, gradient, name, file, belongsTo, messages } = spec
  const title = `${verdict.toUpperCase()}${gradient ? ' [gradient]' : ''} "${name}" (${[file, ...belongsTo].join(', ')})`
  const shown = verbose
    ? messages
    : messages.slice(0, 1).map(message => message.split('\n')[0]!.slice(0, 200))
  const lines = [...(reason === undefined ? [] : [`reason: ${reason}`]), ...shown]
  return [title, ...lines]
    .map((line, i) => (i === 0 ? line : `    ${line.replaceAll('\n', '\n    ')}`))
    .join('\n')
}

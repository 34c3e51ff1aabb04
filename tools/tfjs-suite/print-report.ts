import {
  type Counts,
  count,
  findProblems,
  type GateInputs,
  isCounted,
  type Judged,
  shareOf,
  specsOf,
  tally,
} from './judge'

/** Failing specs named at the end of a run that shows no more of them. */
const NAMED_SPECS = 20

/** What is printed of a run. */
export interface ReportOptions extends Pick<GateInputs, 'judged' | 'exceptions'> {
  /** The kernels that must be right. */
  listed: readonly string[]
  /** One kernel instead of the list. */
  kernel?: string | undefined
  /** Whether a filter left specs out. */
  filtered: boolean
  /** All kernels any spec ran, and the failures among what is not counted. */
  all: boolean
  /** Every failure with its whole messages. */
  verbose: boolean
}

/** The kernels to show: the one asked for, all that any spec ran, or those of the list. */
function shownKernels({ judged, listed, kernel, all }: ReportOptions): readonly string[] {
  const met = new Set([...listed, ...judged.flatMap(({ belongsTo }) => belongsTo)])
  if (kernel === undefined) return all ? [...met].sort() : listed
  if (met.has(kernel)) return [kernel]
  throw new Error(`--kernel must be a kernel that a spec runs. Received: ${kernel}.`)
}

/** The kernels as an aligned table. */
function formatTable(tallies: ReturnType<typeof tally>): string {
  const endings = ['passed', 'failed', 'not lowered']
  const cells = ({ passed, failed, notLowered }: Counts): string[] => [passed, failed, notLowered].map(String)
  const rows = [
    ['kernel', ...endings, 'gradients:', ...endings],
    ...tallies.map(({ kernel, specs, gradients }) => [kernel, ...cells(specs), '', ...cells(gradients)]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const padded = (cell: string, i: number): string =>
    i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
  return rows.map(row => row.map(padded).join('  ')).join('\n')
}

function formatCounts(title: string, specs: readonly Judged[]): string {
  const counts = count(specs)
  const { passed, failed, notLowered } = counts
  const percent = (100 * shareOf(counts)).toFixed(1)
  return `${title}: ${passed} passed, ${failed} failed, ${notLowered} not lowered (${percent} % passed)`
}

/** What was not counted and why, in one line. */
function formatUncounted(judged: readonly Judged[]): string {
  const of = (verdict: Judged['verdict']): Judged[] => judged.filter(spec => spec.verdict === verdict)
  const withoutKernel = of('no kernel')
  const failed = withoutKernel.filter(({ status }) => status === 'failed').length
  return [
    `not counted: ${of('argument check').length} argument checks passed and ${of('failed argument check').length} failed`,
    `${withoutKernel.length - failed} specs without a kernel passed and ${failed} failed`,
    `${of('switched off').length} switched off by tfjs`,
  ].join('; ')
}

/** A failed spec with the reason it has and its first message cut short, or with all of them whole. */
function formatFailure(spec: Judged, reason: string | undefined, verbose: boolean): string {
  const { verdict, gradient, name, file, belongsTo, messages } = spec
  const title = `${verdict.toUpperCase()}${gradient ? ' [gradient]' : ''} "${name}" (${[file, ...belongsTo].join(', ')})`
  const shown = verbose
    ? messages
    : messages.slice(0, 1).map(message => message.split('\n')[0]!.slice(0, 200))
  return [title, ...(reason === undefined ? [] : [`reason: ${reason}`]), ...shown]
    .map(line => line.replaceAll('\n', '\n    '))
    .join('\n    ')
}

/**
 * Prints the table, the failures that are asked for and the sums, and returns how many problems there are.
 *
 * @throws Error for a kernel that no spec runs.
 */
export function printReport(options: ReportOptions): number {
  const { judged, listed, exceptions, kernel, filtered, all, verbose } = options
  const shown = shownKernels(options)
  const { specs, gradients } = specsOf(judged, shown)
  console.log(formatTable(tally(judged, shown)))

  const isDetailed = kernel !== undefined || filtered || verbose
  const counted = [...specs, ...gradients].filter(spec => isDetailed && spec.verdict !== 'passed')
  const uncounted = judged.filter(spec => all && !isCounted(spec) && spec.status === 'failed')
  for (const spec of [...counted, ...uncounted])
    console.log(`\n${formatFailure(spec, exceptions[spec.name], verbose)}`)
  console.log(`\n${formatCounts('specs of the kernels above', specs)}`)
  console.log(formatCounts('their gradient specs, apart', gradients))
  if (kernel === undefined) {
    console.log(formatCounts('all counted specs', judged.filter(isCounted)))
    console.log(formatUncounted(judged))
  }

  const kernels = kernel === undefined ? listed : [kernel]
  const complete = kernel === undefined && !filtered
  const { unexplained, others } = findProblems({ judged, kernels, exceptions, complete })
  const named = isDetailed ? [] : unexplained.slice(0, NAMED_SPECS)
  for (const problem of [...named, ...others]) console.error(`FAIL ${problem}`)
  const more = unexplained.length - named.length
  if (more > 0) console.error(`FAIL ${more} ${named.length > 0 ? 'more ' : ''}specs without a reason`)
  return unexplained.length + others.length
}

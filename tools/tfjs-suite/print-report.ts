import { formatCounts, formatFailure, formatTable, formatUncounted } from './format-suite'
import { type Exceptions, findProblems } from './gate'
import { isCounted, type Judged } from './judge'
import { count, specsOf, tally } from './tally'

/** Failing specs named at the end of a run that shows no more of them. */
const NAMED_SPECS = 20

/** What is printed of a run. */
export interface ReportOptions {
  judged: readonly Judged[]
  /** The kernels that must be right. */
  listed: readonly string[]
  exceptions: Exceptions
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
  for (const spec of [...counted, ...uncounted]) {
    console.log(`\n${formatFailure(spec, exceptions[spec.name], verbose)}`)
  }
  console.log(`\n${formatCounts('specs of the kernels above', count(specs))}`)
  console.log(formatCounts('their gradient specs, apart', count(gradients)))
  if (kernel === undefined) {
    console.log(formatCounts('all counted specs', count(judged.filter(isCounted))))
    console.log(formatUncounted(judged))
  }

  const { unexplained, others } = findProblems({
    judged,
    kernels: kernel === undefined ? listed : [kernel],
    exceptions,
    complete: kernel === undefined && !filtered,
  })
  const named = isDetailed ? [] : unexplained.slice(0, NAMED_SPECS)
  for (const problem of [...named, ...others]) console.error(`FAIL ${problem}`)
  if (named.length < unexplained.length) {
    console.error(
      `FAIL ${unexplained.length - named.length} ${named.length > 0 ? 'more ' : ''}specs without a reason`,
    )
  }
  return unexplained.length + others.length
}

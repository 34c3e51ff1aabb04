import { isCounted, type Judged } from './judge'
import { count, shareOf, specsOf } from './tally'

/** The share of the counted specs of the listed kernels that must pass. */
export const PASSING_SHARE = 0.95

/** Why a spec may fail, by its full name. */
export type Exceptions = Record<string, string>

/** What the gate looks at. */
export interface GateInputs {
  judged: readonly Judged[]
  /** The kernels that must be right. */
  kernels: readonly string[]
  exceptions: Exceptions
  /** Whether all specs ran and all listed kernels are asked for: the share, and that nothing is missing, count then. */
  complete: boolean
}

/** What makes the run a failure, one line each. */
export interface Problems {
  /** Specs of listed kernels that fail and have no reason. */
  unexplained: string[]
  /** Anything else: too small a share, a kernel without a spec, an exception that is not needed. */
  others: string[]
}

function exceptionProblems({ judged, exceptions, complete }: GateInputs): string[] {
  const byName = new Map(judged.map(spec => [spec.name, spec]))
  return Object.entries(exceptions).flatMap(([name, reason]) => {
    const spec = byName.get(name)
    if (!spec) return complete ? [`the exception "${name}" names no spec`] : []
    if (!isCounted(spec) || spec.verdict === 'passed') {
      return [`the exception "${name}" is stale: the spec is now ${spec.verdict}`]
    }
    return reason.trim() === '' ? [`the exception "${name}" gives no reason`] : []
  })
}

/** Judges a run by its specs. */
export function findProblems(inputs: GateInputs): Problems {
  const { judged, kernels, exceptions, complete } = inputs
  const { specs, gradients } = specsOf(judged, kernels)
  const all = [...specs, ...gradients]
  const unexplained = all
    .filter(({ verdict, name }) => verdict !== 'passed' && !(name in exceptions))
    .map(({ verdict, name, file }) => `${verdict}, without a reason: "${name}" (${file})`)
  const others = exceptionProblems(inputs)
  if (!complete) return { unexplained, others }
  const share = shareOf(count(specs))
  if (share < PASSING_SHARE) {
    others.push(
      `${(100 * share).toFixed(1)} % of the listed kernels' specs pass; ${100 * PASSING_SHARE} % must`,
    )
  }
  for (const kernel of kernels) {
    if (!all.some(({ belongsTo }) => belongsTo.includes(kernel))) others.push(`no spec is about ${kernel}`)
  }
  return { unexplained, others }
}

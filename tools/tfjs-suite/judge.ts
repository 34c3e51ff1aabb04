import type { SpecRecord } from './spec-record'

/** What a spec says of the backend; the last four are not counted. */
export type Verdict =
  | 'passed'
  | 'failed'
  | 'not lowered'
  | 'argument check'
  | 'failed argument check'
  | 'no kernel'
  | 'switched off'

/** A spec with what it says, and the kernels it counts for. */
export interface Judged extends SpecRecord {
  verdict: Verdict
  belongsTo: string[]
}

/** Only argument checks: a throw is expected and no result is read, nor did anything else go wrong. */
const isArgumentCheck = ({ status, read, expectsThrow, onlyThrowFailed }: SpecRecord): boolean =>
  expectsThrow && !read && (status === 'passed' || onlyThrowFailed)

function verdictOf(record: SpecRecord): Verdict {
  const { status, kernels, missing } = record
  if (status === 'pending') return 'switched off'
  if (isArgumentCheck(record)) return status === 'passed' ? 'argument check' : 'failed argument check'
  if (kernels.length + missing.length === 0) return 'no kernel'
  if (status === 'passed') return 'passed'
  return missing.length > 0 ? 'not lowered' : 'failed'
}

/**
 * Judges a spec.
 *
 * - `not lowered`: it failed and asked for a kernel the backend does not have; it counts for that kernel alone.
 * - A gradient spec counts for every kernel that ran in it, forward and backward.
 * - Any other counts for the kernels that ran in it and that its file is about; where none of those ran, or the file is
 *   about none, for every kernel that ran in it.
 * - A spec that expects a throw and reads no result only checks arguments; one that runs no kernel checks JavaScript.
 *   Neither is counted.
 *
 * @param about the kernels its file is about
 */
export function judge(record: SpecRecord, about: readonly string[]): Judged {
  const verdict = verdictOf(record)
  const { kernels, missing, gradient } = record
  const own = kernels.filter(kernel => about.includes(kernel))
  const ran = gradient || own.length === 0 ? kernels : own
  return { ...record, verdict, belongsTo: verdict === 'not lowered' ? missing : ran }
}

/** Whether a spec is one of those that are counted. */
export const isCounted = ({ verdict }: Judged): boolean =>
  verdict === 'passed' || verdict === 'failed' || verdict === 'not lowered'

/** How many specs ended how. */
export interface Counts {
  passed: number
  failed: number
  notLowered: number
}

/** The share of the specs that passed, 1 where there are none. */
export function shareOf({ passed, failed, notLowered }: Counts): number {
  const all = passed + failed + notLowered
  return all === 0 ? 1 : passed / all
}

/** Counts specs by how they ended. */
export function count(specs: readonly Judged[]): Counts {
  const ended = (verdict: Verdict): number => specs.filter(spec => spec.verdict === verdict).length
  return { passed: ended('passed'), failed: ended('failed'), notLowered: ended('not lowered') }
}

/** The counted specs of some kernels, each once, with those that differentiate apart. */
export function specsOf(judged: readonly Judged[], kernels: readonly string[]) {
  const isAbout = ({ belongsTo }: Judged): boolean => belongsTo.some(one => kernels.includes(one))
  const belonging = judged.filter(spec => isCounted(spec) && isAbout(spec))
  return {
    specs: belonging.filter(({ gradient }) => !gradient),
    gradients: belonging.filter(({ gradient }) => gradient),
  }
}

/** The counts of every kernel; the specs that differentiate are counted apart. */
export const tally = (judged: readonly Judged[], kernels: readonly string[]) =>
  kernels.map(kernel => {
    const { specs, gradients } = specsOf(judged, [kernel])
    return { kernel, specs: count(specs), gradients: count(gradients) }
  })

/** The share of the counted specs of the listed kernels that must pass. */
const PASSING_SHARE = 0.95

/** What the gate looks at. */
export interface GateInputs {
  judged: readonly Judged[]
  /** The kernels that must be right. */
  kernels: readonly string[]
  /** Why a spec may fail, by its full name. */
  exceptions: Record<string, string>
  /** Whether all specs ran and all listed kernels are asked for: the share, and that nothing is missing, count then. */
  complete: boolean
}

function exceptionProblems({ judged, exceptions, complete }: GateInputs): string[] {
  const byName = new Map(judged.map(spec => [spec.name, spec]))
  return Object.entries(exceptions).flatMap(([name, reason]) => {
    const spec = byName.get(name)
    if (!spec) return complete ? [`the exception "${name}" names no spec`] : []
    if (!isCounted(spec) || spec.verdict === 'passed')
      return [`the exception "${name}" is stale: the spec is now ${spec.verdict}`]
    return reason.trim() === '' ? [`the exception "${name}" gives no reason`] : []
  })
}

/**
 * Judges a run by its specs.
 *
 * @returns specs of listed kernels that fail and have no reason, and what else is wrong: too small a share, a kernel without
 * a spec, an exception that is not needed; one line each
 */
export function findProblems(inputs: GateInputs): { unexplained: string[]; others: string[] } {
  const { judged, kernels, exceptions, complete } = inputs
  const { specs, gradients } = specsOf(judged, kernels)
  const all = [...specs, ...gradients]
  const unexplained = all
    .filter(({ verdict, name }) => verdict !== 'passed' && !(name in exceptions))
    .map(({ verdict, name, file }) => `${verdict}, without a reason: "${name}" (${file})`)
  const others = exceptionProblems(inputs)
  if (!complete) return { unexplained, others }
  const [share, least] = [shareOf(count(specs)), PASSING_SHARE].map(part => 100 * part) as [number, number]
  if (share < least) others.push(`${share.toFixed(1)} % of the listed kernels' specs pass; ${least} % must`)
  const silent = kernels.filter(kernel => !all.some(({ belongsTo }) => belongsTo.includes(kernel)))
  return { unexplained, others: [...others, ...silent.map(kernel => `no spec is about ${kernel}`)] }
}

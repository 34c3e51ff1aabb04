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

/** A spec with what it says, and of which kernels. */
export interface Judged extends SpecRecord {
  verdict: Verdict
  /** The kernels it counts for. */
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

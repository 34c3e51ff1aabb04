import { dataError, type Wrong } from './data-error'

/** What keeps a post from being read whole. */
export type FaultCode =
  | 'not-utf8'
  | 'unreadable-line'
  | 'empty-post'
  | 'label-outside-scheme'
  | 'ambiguous-id'
  | 'misplaced-entity'

/** What a parser may meet in a file of posts. */
export type ProblemCode =
  | FaultCode
  | 'second-header'
  | 'picture-name'
  | 'rounded-id'
  | 'byte-order-mark'
  | 'carriage-return'
  | 'no-final-blank-line'
  | 'other-type'
  | 'other-scheme'
  | 'unknown-field'
  | 'not-carried'
  | 'left-out'
  | 'iob1'

/** One thing that a parser met. */
export interface Problem {
  code: ProblemCode
  /** The file that its line is of. @default the file that was read */
  file?: string
  /** Counted from 1. */
  line: number
  /** What a report says of it, without a word of the post. */
  about: string
  /** What a reader refuses the file with; absent where nothing is lost. */
  error?: Wrong | undefined
}

/** The problem of a line whose bytes are no text. */
export const notUtf8 = (line: number, about = 'has bytes that are not UTF-8'): Problem => ({
  code: 'not-utf8',
  line,
  about,
  error: {
    rule: 'must be UTF-8 text',
    received: 'a byte sequence that is not UTF-8',
    fix: 'Convert the file to UTF-8.',
  },
})

/** The first of some problems that something would be lost by, as an error. */
export function firstError(file: string, problems: readonly Problem[]): Error | undefined {
  const found = problems.find(({ error }) => error !== undefined)
  return found?.error && dataError({ file: found.file ?? file, line: found.line, ...found.error })
}

/** Problems of some kinds, those that are said alike as one with their count, in the order of the first. */
export function countedKinds(
  problems: readonly Problem[],
  codes: ReadonlySet<ProblemCode>,
): (Problem & { count: number })[] {
  const kinds = new Map<string, Problem & { count: number }>()
  for (const problem of problems) {
    if (!codes.has(problem.code)) continue
    const key = `${problem.code} ${problem.about}`
    kinds.set(key, { ...problem, ...kinds.get(key), count: (kinds.get(key)?.count ?? 0) + 1 })
  }
  return [...kinds.values()]
}

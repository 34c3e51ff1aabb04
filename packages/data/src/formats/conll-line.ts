/** What begins a post with a picture. */
export const HEADER = 'IMGID:'

const HAS_LABEL = / (O|[BIELMSUW][-_]\S+|\S+[-_][BIELMSUW])$/

/** What the CoNLL tasks put between documents, with any columns after it. */
const DOCUMENT = /^-DOCSTART-(?=[ \t]|$)/

/** What one line of a file in MNER's CoNLL format is. */
export type ConllLine =
  | { kind: 'blank' }
  | { kind: 'comment' }
  | { kind: 'header'; picture: string }
  | { kind: 'word'; word: string; label: string }
  | { kind: 'unreadable'; problem: string }

/** The columns of a line: tabs part them, or runs of ASCII spaces where there is no tab. */
const columnsOf = (text: string): string[] => text.split(text.includes('\t') ? '\t' : / +/)

const isMark = (text: string): boolean => text === '' || text.startsWith(HEADER) || DOCUMENT.test(text)

/** How many columns most lines of words have; of two counts as frequent, the smaller. */
export function countColumns(lines: Iterable<string>): number {
  const counts = new Map<number, number>()
  for (const text of lines) {
    if (isMark(text)) continue
    const { length } = columnsOf(text)
    counts.set(length, (counts.get(length) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([a, many], [b, more]) => more - many || a - b)
  return Math.max(2, most?.[0] ?? 2)
}

/** Word and label of a line: the first of its columns and the last. */
const splitColumns = (text: string, expected: number): ConllLine => {
  const columns = columnsOf(text)
  const word = columns[0]!
  const problem =
    columns.length === 1
      ? 'only one column'
      : word === ''
        ? 'no word'
        : columns.length !== expected
          ? `${columns.length} columns, not ${expected}`
          : undefined
  return problem === undefined
    ? { kind: 'word', word, label: columns.at(-1)! }
    : { kind: 'unreadable', problem }
}

/** Where a line is read. */
export interface ConllPlace {
  /** How many columns the file has. */
  columns: number
  /** Whether a post has begun: a word may look like a header there. */
  isInPost: boolean
  /** Whether a word of it was read: no comment stands below one. */
  hasWords: boolean
}

/**
 * Tells what a line is, and its columns.
 *
 * @param text without the blanks after its last column.
 */
export function parseConllLine(text: string, { columns, isInPost, hasWords }: ConllPlace): ConllLine {
  if (text === '' || DOCUMENT.test(text)) return { kind: 'blank' }
  if (text.startsWith(HEADER) && !(isInPost && HAS_LABEL.test(text)) && !text.includes('\t')) {
    return { kind: 'header', picture: text.slice(HEADER.length).replace(/^ +/, '') }
  }
  const line = splitColumns(text, columns)
  const isLabelled = HAS_LABEL.test(` ${columnsOf(text).at(-1)}`)
  return text.startsWith('# ') && !hasWords && !isLabelled ? { kind: 'comment' } : line
}

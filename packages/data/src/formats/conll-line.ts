/** What begins a post with a picture. */
export const HEADER = 'IMGID:'

/** What the CoNLL tasks put between documents, with any columns after it. */
const DOCUMENT = /^-DOCSTART-(?=[ \t]|$)/

/** Whether a text is a label, in whatever scheme. */
export const isLabel = (text: string): boolean => /^(O|[BIELMSUW][-_]\S+|\S+[-_][BIELMSUW])$/.test(text)

/** What one line of a file in MNER's CoNLL format is. */
export type ConllLine =
  | { kind: 'blank' }
  /** A row whose word is empty and whose label says nothing. */
  | { kind: 'empty' }
  | { kind: 'comment'; id?: string | undefined }
  | { kind: 'header'; picture: string }
  | { kind: 'word'; word: string; label: string; columns: string[] }
  | { kind: 'unreadable'; problem: string }

/** The columns of a line: tabs part them, or runs of ASCII spaces where there is no tab. */
export const columnsOf = (text: string): string[] => text.split(text.includes('\t') ? '\t' : / +/)

/** Whether a line holds no word for certain. */
export const isMark = (text: string): boolean => text === '' || text.startsWith(HEADER) || DOCUMENT.test(text)

/** Where a line is read. */
export interface ConllPlace {
  /** How many columns the file has, and which of them words and labels are. */
  columns: { count: number; word: number; label: number }
  /** Whether a post has begun: a word may look like a header there. */
  isInPost: boolean
  /** Whether a word of it was read: no comment stands below one. */
  hasWords: boolean
}

/** Word and label of a line. */
function splitColumns(text: string, { count, word, label }: ConllPlace['columns']): ConllLine {
  const columns = columnsOf(text)
  if (columns.length === count && columns[word] === '' && columns[label] === 'O') return { kind: 'empty' }
  const problem =
    columns.length === 1
      ? 'only one column'
      : columns.length !== count
        ? `${columns.length} columns, not ${count}`
        : columns[word] === ''
          ? 'no word'
          : undefined
  return problem === undefined
    ? { kind: 'word', word: columns[word]!, label: columns[label]!, columns }
    : { kind: 'unreadable', problem }
}

/** The name that a comment gives its sentence: `# id 7`, `# id: 7`, `# sent_id = 7`. */
const ID = /^# *(?:sent_)?id(?: *[:=] *|\s+)(\S+)/

/**
 * Tells what a line is, and its columns.
 *
 * @param text without the blanks after its last column.
 */
export function parseConllLine(text: string, { columns, isInPost, hasWords }: ConllPlace): ConllLine {
  if (text === '' || DOCUMENT.test(text)) return { kind: 'blank' }
  const parts = columnsOf(text)
  const isLabelled = parts.length > 1 && isLabel(parts.at(-1)!)
  if (text.startsWith(HEADER) && !(isInPost && isLabelled) && !text.includes('\t')) {
    return { kind: 'header', picture: text.slice(HEADER.length).replace(/^ +/, '') }
  }
  const isRow = parts.length === columns.count && isLabel(parts[columns.label]!)
  if (/^#( |$)/.test(text) && !hasWords && !isRow) return { kind: 'comment', id: ID.exec(text)?.[1] }
  return splitColumns(text, columns)
}

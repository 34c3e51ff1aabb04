/** What begins a post with a picture. */
export const HEADER = 'IMGID:'

const HAS_LABEL = / (O|[BI]-\S+)$/

/** What one line of a file in MNER's CoNLL format is. */
export type ConllLine =
  | { kind: 'blank' }
  | { kind: 'header'; picture: string }
  | { kind: 'word'; word: string; label: string }
  | { kind: 'unreadable'; problem: string }

/** Word and label of a line: the last tab parts them, or the last ASCII space where there is no tab. */
const splitColumns = (text: string): ConllLine => {
  const separator = text.includes('\t') ? '\t' : ' '
  const at = text.lastIndexOf(separator)
  const word = text.slice(0, Math.max(0, at))
  // Between tabs a word may contain spaces; between spaces it cannot be told from a third column.
  const moreColumns = separator === '\t' ? word.includes('\t') : /[^ ] +[^ ]/.test(word)
  const problem =
    at < 0 ? 'only one column' : word === '' ? 'no word' : moreColumns ? 'more than two columns' : undefined
  return problem === undefined
    ? { kind: 'word', word, label: text.slice(at + 1) }
    : { kind: 'unreadable', problem }
}

/**
 * Tells what a line is, and its columns.
 *
 * @param text without the blanks after its last column.
 * @param isInPost whether a post has begun: a word may look like a header there.
 */
export function parseConllLine(text: string, isInPost: boolean): ConllLine {
  if (text === '') return { kind: 'blank' }
  if (text.startsWith(HEADER) && !(isInPost && HAS_LABEL.test(text)) && !text.includes('\t')) {
    return { kind: 'header', picture: text.slice(HEADER.length).replace(/^ +/, '') }
  }
  return splitColumns(text)
}

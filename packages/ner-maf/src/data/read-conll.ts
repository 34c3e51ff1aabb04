import { basename } from 'node:path'
import { dataError, quoted } from './data-error'
import type { Split } from './example'
import { checkPictureName } from './picture-files'
import { readLabel } from './read-label'
import { readLines } from './read-lines'
import { finishSplit, type Post, type ReadOptions, type TextCounts } from './reading'

const HEADER = 'IMGID:'
const HAS_LABEL = / (O|[BI]-\S+)$/

interface Columns {
  word: string
  label: string
}

/** Word and label of a line: the last tab parts them, or the last ASCII space where there is no tab. */
const splitColumns = (text: string, file: string, line: number): Columns => {
  const separator = text.includes('\t') ? '\t' : ' '
  const at = text.lastIndexOf(separator)
  const word = text.slice(0, Math.max(0, at))
  // Between tabs a word may contain spaces; between spaces it cannot be told from a third column.
  const moreColumns = separator === '\t' ? word.includes('\t') : /[^ ] +[^ ]/.test(word)
  const problem =
    at < 0 ? 'only one column' : word === '' ? 'no word' : moreColumns ? 'more than two columns' : undefined
  if (problem === undefined) return { word, label: text.slice(at + 1) }
  throw dataError({
    file,
    line,
    rule: 'must have a word and its label, parted by a tab or a space',
    received: `${quoted(text)}, ${problem}`,
    fix: `Write word, tab, label; an empty line between posts; "${HEADER}name" above a post with a picture.`,
  })
}

/** The posts of a file in MNER's CoNLL format, from its lines. */
const parsePosts = (lines: readonly string[], file: string, types?: readonly string[]) => {
  const posts: Post[] = []
  const counts: TextCounts = { labelsMapped: 0, wordsSplitAtEntities: 0 }
  const onMapped = (): void => {
    counts.labelsMapped++
  }
  let open: (Post & { labels: string[] }) | undefined
  const close = (): void => {
    if (open?.example.words.length === 0) {
      throw dataError({
        file,
        line: open.example.source.line,
        rule: 'must be followed by the words of its post',
        received: `${quoted(HEADER + open.picture)} and no word`,
        fix: 'Put the words straight below the header, or remove it.',
      })
    }
    if (open)
      posts.push({ example: open.example, ...(open.picture !== undefined && { picture: open.picture }) })
    open = undefined
  }
  const begin = (line: number, picture?: string): Post & { labels: string[] } => {
    const labels: string[] = []
    const id = picture ?? `${basename(file)}:${line}`
    const example = { id, words: [], labels, source: { file, line } }
    return { example, labels, ...(picture !== undefined && { picture }) }
  }
  for (const [index, raw] of lines.entries()) {
    const line = index + 1
    // Blanks after the label carry nothing; a word that is itself an odd space stands before its label.
    const text = raw.replace(/[ \t]+$/, '')
    if (text === '') {
      close()
    } else if (text.startsWith(HEADER) && !(open && HAS_LABEL.test(text)) && !text.includes('\t')) {
      if (open) {
        throw dataError({
          file,
          line,
          rule: 'must not be a second header in one post',
          received: quoted(text),
          fix: 'Put an empty line between posts, and one header above each.',
        })
      }
      const picture = text.slice(HEADER.length).replace(/^ +/, '')
      checkPictureName(picture, file, line)
      open = begin(line, picture)
    } else {
      const columns = splitColumns(text, file, line)
      const label = readLabel(columns.label, { file, line, ...(types && { types }), onMapped })
      open ??= begin(line)
      open.example.words.push(columns.word)
      open.labels.push(label)
    }
  }
  close()
  return { posts, counts }
}

/**
 * Reads MNER's CoNLL format: `IMGID:name` above a post that has a picture, a word and its BIO label on each line
 * (parted by a tab, else by a space), an empty line between posts. OTHER is read as MISC; labels are otherwise kept
 * exactly, an I- that follows no entity too.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss.
 */
export async function readConll(file: string, options: ReadOptions = {}): Promise<Split> {
  const lines = await readLines(file, 'a file of posts in CoNLL format')
  const { posts, counts } = parsePosts(lines, file, options.types)
  return finishSplit(file, posts, counts, options)
}

import { InvalidArgumentError } from '@mafjs/tensor'
import { quoted, type Wrong } from '../posts/data-error'
import { wrongPictureName } from '../posts/picture-name'
import type { ParsedPost, Post } from '../posts/post'
import type { ProblemCode } from '../posts/problem'
import { labelReader, shownLabel } from '../posts/read-label'
import { type Columns, findColumns, isNoWord } from './conll-columns'
import { HEADER, parseConllLine } from './conll-line'
import { idOfPlace, ownId, type Parsed, type Place, type WritingFormat } from './format'

/** A line without the blanks after its last column, which carry nothing; an odd space that is a word stands before its label. */
/** Looked for where they begin alone: from each of many blanks to their end takes a time that grows with their square. */
const withoutTrailingBlanks = (raw: string): string => raw.replace(/(?<![ \t])[ \t]+$/, '')

function parse(lines: readonly (string | undefined)[], place: Place): Parsed {
  const columns = findColumns(
    lines.map(line => withoutTrailingBlanks(line ?? '')),
    place,
  )
  if ('count' in columns) return parseColumns(lines, columns, place)
  const { line = 1 } = place
  return { posts: [], problems: [{ code: 'unreadable-line', line, about: columns.rule, error: columns }] }
}

function parseColumns(
  lines: readonly (string | undefined)[],
  columns: Columns,
  { file, line: start = 1, types }: Place,
): Parsed {
  const parsed: Parsed = { posts: [], problems: [] }
  const readLabel = labelReader(types)
  const isPlain = columns.word === 0 && columns.label === columns.count - 1
  let name: string | undefined
  let open: ParsedPost | undefined
  let line = start - 1
  let text = ''
  const report = (code: ProblemCode, about: string, error?: Wrong, at = line): void => {
    parsed.problems.push({ code, line: at, about, error })
  }
  const begin = (picture?: string): ParsedPost => {
    const written = { lines: [], first: line }
    const id = picture ?? name ?? idOfPlace(file, line)
    name = undefined
    open = { id, words: [], labels: [], source: { file, line }, pictures: [], written }
    parsed.posts.push(open)
    return open
  }
  const close = (): void => {
    if (open?.words.length === 0 && open.fault === undefined) {
      open.fault = 'empty-post'
      const error = {
        rule: 'must be followed by the words of its post',
        received: `${quoted(HEADER + open.pictures.at(-1))} and no word`,
        fix: 'Put the words straight below the header, or remove it.',
      }
      report('empty-post', 'a header and no word', error, open.source.line)
    }
    open = undefined
  }
  const addHeader = (picture: string): void => {
    if (open && open.words.length > 0) {
      report('second-header', 'a header below the words of another post', {
        rule: 'must not be a header below the words of a post',
        received: quoted(text),
        fix: 'Put an empty line between posts; all headers of a post stand above its words.',
      })
    }
    // Headers one below another are of one post.
    if (!open || open.words.length > 0 || open.fault !== undefined) {
      close()
      begin(picture)
    }
    const wrong = wrongPictureName(picture)
    if (wrong) report('picture-name', 'a picture name that must not be followed', wrong)
    else if (!open!.pictures.includes(picture)) open!.pictures.push(picture)
    else {
      report('second-header', 'the same header again', {
        rule: 'must not name a picture of the post again',
        received: quoted(text),
        fix: 'Put one header above each post for each of its pictures.',
      })
    }
  }
  const addWord = (word: string, label: string): void => {
    const post = open ?? begin()
    const read = readLabel(label)
    if (!('label' in read)) {
      post.fault ??= 'label-outside-scheme'
      const fix = columns.count > 2 ? `${read.fix} Or say which column has the labels (column).` : read.fix
      report('label-outside-scheme', shownLabel(label), { ...read, fix })
    } else {
      if (read.isOtherType) report('other-type', 'the type OTHER')
      if (read.isOtherScheme) report('other-scheme', 'a label of another scheme')
    }
    if (post.words.length === 0) post.written.first = line
    post.words.push(word)
    post.labels!.push('label' in read ? read.label : 'O')
    post.written.lines.push(isPlain ? text : `${word}\t${label}`)
  }
  for (const raw of lines) {
    line++
    if (raw === undefined) {
      const post = open ?? begin()
      post.fault ??= 'not-utf8'
      continue
    }
    text = withoutTrailingBlanks(raw)
    const hasWords = (open?.words.length ?? 0) > 0
    const found = parseConllLine(text, { columns, isInPost: open !== undefined, hasWords })
    if (found.kind === 'blank') {
      close()
      name = undefined
    } else if (found.kind === 'comment') name = found.id ?? name
    else if (found.kind === 'header') addHeader(found.picture)
    else if (found.kind === 'empty') report('not-carried', 'rows without a word, labelled O')
    else if (found.kind === 'word') {
      if (isNoWord(found.columns, columns))
        report('not-carried', 'lines of several words or of none in writing')
      else addWord(found.word, found.label)
    } else {
      const post = open ?? begin()
      post.fault ??= 'unreadable-line'
      report('unreadable-line', found.problem, {
        rule: `must have a word and its label, parted by a tab or a space${columns.count > 2 ? `, as the columns ${columns.word + 1} and ${columns.label + 1} of ${columns.count}` : ''}`,
        received: `${quoted(text)}, ${found.problem}`,
        fix: `Write word, tab, label; as many columns in every line; an empty line between posts; "${HEADER}name" above a post with a picture.`,
      })
    }
  }
  close()
  const last = lines.at(-1)
  if (last !== undefined && withoutTrailingBlanks(last) !== '')
    report('no-final-blank-line', 'no empty line after the last post')
  return parsed
}

function write(post: Post): string {
  const { id, words, labels, pictures = [], written } = post
  if (!labels || words.some(word => /[\t\n]/.test(word))) {
    throw new InvalidArgumentError({
      argument: `the post ${id}`,
      rule: 'must have labels, and words without tabs and line feeds, to be written as CoNLL',
      received: labels ? 'a word with one' : 'no labels',
      fix: 'Write it as JSONL.',
    })
  }
  const lines = words.map((word, at) => {
    const label = labels[at]!
    const raw = written?.fields ? undefined : written?.lines[at]
    if (!raw?.startsWith(word)) return `${word}\t${label}`
    // All columns but the last as they were.
    const separator = raw.includes('\t') ? '\t' : ' '
    if (separator === ' ' && label.includes(' ')) return `${word}\t${label}`
    return raw.slice(0, raw.lastIndexOf(separator) + 1) + label
  })
  const hasName = pictures.length === 0 && ownId(post) !== undefined && /^\S+$/.test(id)
  const above = hasName ? [`# id: ${id}`] : pictures.map(picture => HEADER + picture)
  return [...above, ...lines, '', ''].join('\n')
}

/**
 * MNER's CoNLL format: `IMGID:name` above a post for each of its pictures, the first its id; a word and its BIO label on each
 * line, parted by a tab, else by spaces; an empty line or `-DOCSTART-` between posts; comments (`# ...`) above their words, where
 * `# id: ...` names a post without a picture. Where lines have more columns, all as many, the first is the word and the last its
 * label, or those that the options say or `# global.columns` names (CoNLL-U Plus). OTHER is read as MISC, BIOES and BILOU as BIO; labels are otherwise kept exactly,
 * an I- that follows no entity too.
 */
export const conll: WritingFormat = {
  name: 'CoNLL',
  suffixes: ['.txt', '.conll', '.conllu', '.conllup', '.bio', '.iob'],
  looksLike: () => false,
  parse,
  write,
}

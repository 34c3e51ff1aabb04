import { readJsonText } from '@mafjs/tensor/json'
import { quoted } from '../posts/data-error'
import type { SourcePlace } from '../posts/post'
import type { ProblemCode } from '../posts/problem'
import type { Container, Opened } from './container'

/** Columns that hold words of people, in which a bracket begins no list. */
const TEXTS = /^(text|text_snippet|sentence|tweet|content|title|word|token)$/i

/** Columns of a table with a word in each row, as Kaggle's corpus has it. */
const WORD_TABLE = { sentence: /^sentence/i, word: /^(word|token)$/i, label: /^(tag|ner|ner_tag|label)$/i }

/** What a cell is in JSON: nothing where it is empty, a list or an object where it is written as one. */
function cellValue(name: string, cell: string): unknown {
  if (cell === '') return null
  if (TEXTS.test(name) || !/^\s*[[{]/.test(cell)) return cell
  try {
    return readJsonText(cell)
  } catch {
    return cell
  }
}

interface Row {
  cells: string[]
  line: number
}

/** The sentences of a table with a word in each row, or nothing where it is none. */
function sentencesOf(
  header: readonly string[],
  rows: readonly Row[],
): { record: object; line: number }[] | undefined {
  const [sentence, word, label] = Object.values(WORD_TABLE).map(name =>
    header.findIndex(column => name.test(column)),
  )
  if (sentence! < 0 || word! < 0 || label! < 0) return undefined
  const found: { record: { id: string; tokens: string[]; labels: string[] }; line: number }[] = []
  for (const { cells, line } of rows) {
    const id = cells[sentence!]!
    if (found.length === 0 || (id !== '' && id !== found.at(-1)!.record.id)) {
      found.push({ record: { id, tokens: [], labels: [] }, line })
    }
    found.at(-1)!.record.tokens.push(cells[word!]!)
    found.at(-1)!.record.labels.push(cells[label!]!)
  }
  return found
}

/** What parts the cells: the sign that the header has most of, outside of its quotes. */
function separatorOf(text: string): string {
  const [header = ''] = /^.*/.exec(text) ?? []
  const signs = header.replace(/"[^"]*"/g, '')
  const [most] = [',', ';', '\t', '|'].sort((a, b) => signs.split(b).length - signs.split(a).length)
  return most!
}

async function openText(text: string, file: string): Promise<Opened> {
  const { parse } = (await import('papaparse')).default
  const opened: Opened = { lines: [], places: [], problems: [] }
  const report = (line: number, rule: string, received: string): void => {
    const code: ProblemCode = 'unreadable-line'
    const fix =
      'Write a header, then a row for each post with as many cells; quote cells with line breaks or the separator.'
    opened.problems.push({ code, line, about: rule, error: { rule, received, fix } })
  }
  const rows: Row[] = []
  let [line, read] = [1, 0]
  parse<string[]>(text, {
    delimiter: separatorOf(text),
    step({ data: cells, errors, meta }) {
      if (errors[0]) report(line, 'must be a table (CSV)', errors[0].message)
      else if (cells.length > 1 || cells[0] !== '') rows.push({ cells, line })
      line += text.slice(read, meta.cursor).split('\n').length - 1
      read = meta.cursor
    },
  })
  const [header, ...others] = rows
  const names = header?.cells.map(name => name.trim()) ?? []
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) report(1, 'must have a header that names each column once', quoted(twice))
  const whole = others.filter(({ cells, line: at }) => {
    if (cells.length === names.length) return true
    report(at, 'must have as many cells in a row as its header', `${cells.length} cells, not ${names.length}`)
    return false
  })
  const records =
    sentencesOf(names, whole) ??
    whole.map(({ cells, line: at }) => ({
      record: Object.fromEntries(
        cells.map((cell, column) => [names[column]!, cellValue(names[column]!, cell)]),
      ),
      line: at,
    }))
  for (const { record, line: at } of records) {
    opened.lines.push(JSON.stringify(record))
    opened.places.push({ file, line: at } satisfies SourcePlace)
  }
  return opened
}

/** Whether columns parted by tabs have no header: words and their labels, which have that suffix too. */
function hasNoHeader(head: string, name: string): boolean {
  const [header = ''] = /^.*/.exec(head) ?? []
  const isHeader = /(^|\t)(text|tokens|words?|sentence|tweet)(_\w+)?(\t|$)/i.test(header)
  return name.endsWith('.tsv') && (!isHeader || /\t(O|[BI]-\S+)$/.test(header))
}

/** A table: a header, then a row for each post, or for each word where columns are a sentence, a word and its label. */
export const csv: Container = {
  name: 'a table',
  suffixes: ['.csv', '.tsv'],
  looksLike: () => false,
  isOther: hasNoHeader,
  openText,
}

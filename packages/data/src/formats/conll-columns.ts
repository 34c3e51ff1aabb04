import { quoted, type Wrong } from '../posts/data-error'
import { columnsOf, isLabel, isMark } from './conll-line'
import type { Place } from './format'

/** Where a file of columns has its words and labels; places count from 0. */
export interface Columns {
  count: number
  word: number
  label: number
  /** Where its words are numbered, as in CoNLL-U. */
  number?: number | undefined
}

/** The first line of CoNLL-U Plus: what its columns are. */
const NAMES = /^# *global\.columns *= */

/** A number of a word, or of words that are one in writing (`3-4`), or of one that is not written (`3.1`). */
const NUMBER = /^\d+([-.]\d+)?$/

/** How many columns most lines of words have; of two counts as frequent, the smaller. */
function countColumns(lines: readonly string[]): number {
  const counts = new Map<number, number>()
  for (const text of lines) {
    const { length } = columnsOf(text)
    counts.set(length, (counts.get(length) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([a, many], [b, more]) => more - many || a - b)
  return Math.max(2, most?.[0] ?? 2)
}

/** Which column an option means, or what is wrong with it. */
function placeOf(
  wanted: number | string,
  option: string,
  count: number,
  names: readonly string[],
): number | Wrong {
  const number = Number(wanted)
  const at = names.includes(String(wanted)) ? names.indexOf(String(wanted)) : number - 1
  if (Number.isInteger(at) && at >= 0 && at < count) return at
  return {
    rule: `must have the column that ${option} says`,
    received: `${quoted(String(wanted))} of ${count} columns${names.length > 0 ? ` (${names.join(', ')})` : ''}`,
    fix: `Give its number, from 1 to ${count}${names.length > 0 ? ', or its name' : '; names are known where the file begins with "# global.columns = ..."'}.`,
  }
}

/** The columns of a file, as it names them itself or as options say; or what is wrong with that. */
export function findColumns(lines: readonly string[], { column, wordColumn }: Place): Columns | Wrong {
  const named = lines.find(line => NAMES.test(line))
  const names = named?.replace(NAMES, '').trim().split(/\s+/) ?? []
  const rows = lines.filter(
    text => !isMark(text) && !(text.startsWith('# ') && !isLabel(columnsOf(text).at(-1)!)),
  )
  const count = names.length > 0 ? names.length : countColumns(rows)
  const isNumbered = count > 2 && rows.length > 2 && rows.every(text => NUMBER.test(columnsOf(text)[0]!))
  const number = names.includes('ID') ? names.indexOf('ID') : isNumbered ? 0 : undefined
  if (number === 0 && wordColumn === undefined && !names.includes('FORM')) {
    return {
      rule: 'must have its words in the first column, or an option must say where',
      received: 'numbers in the first column of every line',
      fix: "Say which column has the words, e.g. the second (wordColumn: '2').",
    }
  }
  const word = placeOf(wordColumn ?? (names.includes('FORM') ? 'FORM' : 1), 'wordColumn', count, names)
  if (typeof word !== 'number') return word
  const label = placeOf(column ?? count, 'column', count, names)
  return typeof label === 'number'
    ? { count, word, label, number: number === word ? undefined : number }
    : label
}

/** Whether a line is no word of its own in CoNLL-U: several in one writing, or one that is not written. */
export const isNoWord = (columns: readonly string[], { number }: Columns): boolean =>
  number !== undefined && /[-.]/.test(columns[number] ?? '') && NUMBER.test(columns[number]!)

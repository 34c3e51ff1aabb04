import { parse, stringify } from 'lossless-json'
import { quoted } from '../posts/data-error'
import type { Container, Opened } from './container'

/** Strings, so that what stands in them is passed over, and what begins and ends values. */
const PART = /"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}\n]/gs

/** The posts of one object that holds a list of them: `{"classes", "annotations"}` of an annotator for spaCy, `{"data"}`. */
function listIn(text: string): string[] | undefined {
  try {
    const { classes, annotations, data } = parse(text) as Record<string, unknown>
    const list = classes === undefined ? data : annotations
    // A document that was passed over is null there.
    return Array.isArray(list)
      ? list.filter(post => post !== null).map(post => stringify(post) ?? '')
      : undefined
  } catch {
    return undefined
  }
}

/** The values of a JSON array, or of JSON texts one after the other, each in one line. */
async function openText(text: string, file: string): Promise<Opened> {
  const opened: Opened = { lines: [], places: [], problems: [] }
  const base = text.trimStart().startsWith('[') ? 1 : 0
  let [line, depth, start, end, first] = [1, 0, 0, 0, 1]
  const refuse = (received: string): Opened => {
    const rule = 'must be a JSON array of posts'
    const fix = 'Write [{...}, {...}], or one post per line (JSONL).'
    opened.problems.push({ code: 'unreadable-line', line, about: rule, error: { rule, received, fix } })
    return opened
  }
  for (const { 0: part, index } of text.matchAll(PART)) {
    if (part === '\n') line++
    else if (part === '[' || part === '{') {
      if (depth++ !== base) continue
      const between = text.slice(end, index)
      if (!/^[\s,[]*$/.test(between)) return refuse(quoted(between.trim()))
      start = index
      first = line
    } else if (part === ']' || part === '}') {
      depth--
      if (depth < 0) return refuse(`a ${part} that closes nothing`)
      if (depth !== base) continue
      end = index + 1
      // Outside of its strings a line break is only white space, and in them there is none.
      opened.lines.push(text.slice(start, end).replace(/[\r\n]+/g, ' '))
      opened.places.push({ file, line: first })
    }
  }
  const list = base === 0 && opened.lines.length === 1 ? listIn(opened.lines[0]!) : undefined
  if (list) return { ...opened, lines: list, places: list.map(() => ({ file, line: 1 })) }
  const rest = text.slice(end).trim()
  return depth === 0 && /^[[\],]*$/.test(rest.replace(/\s/g, ''))
    ? opened
    : refuse(`${quoted(rest)} at the end`)
}

/** A JSON file: an array of posts, or one post after the other however they are set in lines. */
export const jsonArray: Container = {
  name: 'a JSON file',
  suffixes: ['.json'],
  looksLike: head => /^\s*\[\s*(\{\s*["}]|\[\s*")/.test(head),
  openText,
}

import { readFile } from 'node:fs/promises'
import { containerOf } from '../containers/containers'
import { dataError } from '../posts/data-error'
import type { SourcePlace } from '../posts/post'
import { notUtf8, type Problem } from '../posts/problem'

/** The lines of a file, and what was met on the way to them. */
export interface SourceLines {
  /** Without what ends them; undefined where the bytes are not UTF-8. */
  lines: (string | undefined)[]
  problems: Problem[]
  /** What the file is, where its posts do not stand in lines. */
  container?: string
  /** Where each line stands, where that is not one below the other. */
  places?: SourcePlace[]
  /** The names of its label numbers, where the file has them. */
  labelNames?: readonly string[] | undefined
}

/** How much of a file says what it is. */
const HEAD = 4096

const NEWLINE = 0x0a
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A text of bytes, or undefined where they are not UTF-8. */
const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const decodeLines = (bytes: Uint8Array): (string | undefined)[] => {
  const whole = decode(bytes)
  if (whole !== undefined) return whole.split('\n')
  const lines: (string | undefined)[] = []
  for (let start = 0; start <= bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    lines.push(decode(bytes.subarray(start, end)))
    start = end + 1
  }
  return lines
}

/**
 * What a file of posts holds in lines: its own, or one of JSON for each post that a container holds.
 *
 * @param expected what should be there, for the error, e.g. `a file of posts`.
 * @throws InvalidArgumentError naming a file that cannot be read at all.
 */
export async function readSource(file: string, expected: string): Promise<SourceLines> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw dataError({
      file,
      rule: `must be ${expected}`,
      received: error.message,
      fix: 'Check the path and that the file may be read.',
    })
  })
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD))
  const container = containerOf(file, head)
  if (container?.openBytes) return { container: container.name, ...(await container.openBytes(bytes, file)) }
  const source = linesOf(bytes)
  if (!container?.openText) return source
  const problems = source.problems.filter(({ code }) => code !== 'carriage-return')
  if (problems.some(({ error }) => error)) return { container: container.name, lines: [], problems }
  const opened = await container.openText(new TextDecoder().decode(bytes), file)
  return { container: container.name, ...opened, problems: [...problems, ...opened.problems] }
}

/**
 * The lines of a UTF-8 text, split on `\n` only, because a token may be any other Unicode space; one `\r` at a line's end and a byte
 * order mark at the beginning are no part of a line.
 */
function linesOf(bytes: Uint8Array): SourceLines {
  const [first = 0, second = 0] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { lines: [], problems: [notUtf8(1, 'the whole file is UTF-16')] }
  }
  const problems: Problem[] = []
  const lines = decodeLines(bytes)
  if (lines[0]?.startsWith('\ufeff')) {
    lines[0] = lines[0].slice(1)
    problems.push({ code: 'byte-order-mark', line: 1, about: 'begins with a byte order mark' })
  }
  if (lines.at(-1) === '') lines.pop() // what stands after the last line feed is no line
  const returned = lines.flatMap((line, at) => (line?.endsWith('\r') ? [at] : []))
  for (const at of returned) lines[at] = lines[at]!.slice(0, -1)
  if (returned.length > 0) {
    const about = `${returned.length} of ${lines.length} lines end with a carriage return`
    problems.push({ code: 'carriage-return', line: returned[0]! + 1, about })
  }
  for (const [at, line] of lines.entries()) {
    if (line === undefined) problems.push(notUtf8(at + 1))
  }
  return { lines, problems }
}

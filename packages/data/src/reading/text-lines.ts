import { notUtf8, type Problem } from '../posts/problem'

/** The lines of a text, and what was met on the way to them. */
export interface TextLines {
  /** Without what ends them; undefined where the bytes are not UTF-8. */
  lines: (string | undefined)[]
  problems: Problem[]
}

const NEWLINE = 0x0a
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A text of bytes, whole with its byte order mark, or undefined where they are not UTF-8. */
export const decode = (bytes: Uint8Array): string | undefined => {
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
 * The lines of a UTF-8 text, split on `\n` only, because a token may be any other Unicode space; one `\r` at a line's end and a byte
 * order mark at the beginning are no part of a line.
 */
export function linesOf(bytes: Uint8Array): TextLines {
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

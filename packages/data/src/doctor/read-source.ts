import { readFile } from 'node:fs/promises'
import type { Finding } from './findings'
import { finding } from './findings'

/** The lines of a file, and what was found on the way to them. */
export interface SourceLines {
  /** Without what ends them; undefined where the bytes are not UTF-8. */
  lines: (string | undefined)[]
  findings: Finding[]
}

const NEWLINE = 0x0a
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A line's text, or undefined where its bytes are not UTF-8. */
const decodeLine = (bytes: Uint8Array): string | undefined => {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const decodeLines = (bytes: Uint8Array): (string | undefined)[] => {
  try {
    return decoder.decode(bytes).split('\n')
  } catch {
    const lines: (string | undefined)[] = []
    for (let start = 0; start <= bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, start)
      const end = newline < 0 ? bytes.length : newline
      lines.push(decodeLine(bytes.subarray(start, end)))
      start = end + 1
    }
    return lines
  }
}

/**
 * Reads the lines of a file as `readLines` does (split on `\n` only, without a mark at the beginning and `\r` at a line's
 * end), but goes on where something is wrong.
 *
 * @throws Error of the operating system when the file cannot be read at all.
 */
export async function readSource(file: string): Promise<SourceLines> {
  const bytes = await readFile(file)
  const [first = 0, second = 0] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { lines: [], findings: [finding('not-utf8', file, 1, 'the whole file is UTF-16')] }
  }
  const findings: Finding[] = []
  const lines = decodeLines(bytes)
  if (lines[0]?.startsWith('\ufeff')) {
    lines[0] = lines[0].slice(1)
    findings.push(finding('byte-order-mark', file, 1, 'begins with a byte order mark'))
  }
  if (lines.at(-1) === '') lines.pop() // what stands after the last line feed is no line
  let returns = 0
  let firstReturn = 0
  for (const [index, line] of lines.entries()) {
    if (line === undefined) {
      findings.push(finding('not-utf8', file, index + 1, 'has bytes that are not UTF-8'))
    } else if (line.endsWith('\r')) {
      returns++
      firstReturn ||= index + 1
      lines[index] = line.slice(0, -1)
    }
  }
  if (returns > 0) {
    const message = `${returns} of ${lines.length} lines end with a carriage return`
    findings.push(finding('carriage-return', file, firstReturn, message))
  }
  return { lines, findings }
}

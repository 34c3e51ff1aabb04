import { readFile } from 'node:fs/promises'
import { dataError } from '../posts/data-error'

const NEWLINE = 0x0a

const lineOfBadByte = (bytes: Uint8Array): number => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    try {
      decoder.decode(bytes.subarray(start, end))
    } catch {
      return line
    }
    start = end + 1
  }
  return line
}

/**
 * The lines of a UTF-8 text file, split on `\n` only, because a token may be any other Unicode space; one `\r` at a
 * line's end and a byte order mark at the file's beginning are no part of a line.
 *
 * @param expected what should be there, for the error, e.g. `a file of posts (CoNLL or JSONL)`.
 * @throws InvalidArgumentError naming the file that is missing, unreadable or not UTF-8.
 */
export async function readLines(file: string, expected: string): Promise<string[]> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    throw dataError({
      file,
      rule: `must be ${expected}`,
      received: error instanceof Error ? error.message : String(error),
      fix: 'Check the path and that the file may be read.',
    })
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw dataError({
      file,
      line: lineOfBadByte(bytes),
      rule: 'must be UTF-8 text',
      received: 'a byte sequence that is not UTF-8',
      fix: 'Convert the file to UTF-8.',
    })
  }
  const lines = text.split('\n').map(line => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (lines.at(-1) === '') lines.pop() // what stands after the last line feed is no line
  return lines
}

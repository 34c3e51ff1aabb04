import { readFile } from 'node:fs/promises'
import { containerOf } from '../containers/containers'
import { unreadFile } from '../formats/resembling'
import { dataError, quoted } from '../posts/data-error'
import type { SourcePlace } from '../posts/post'
import { partsOf } from './file-parts'
import { decode, linesOf, type TextLines } from './text-lines'

/** The lines of a file of posts. */
export interface SourceLines extends TextLines {
  /** What the file is, where its posts do not stand in lines. */
  container?: string
  /** Where each line stands, where that is not one below the other. */
  places?: SourcePlace[]
  /** What `datasets` says of its columns, in JSON, where the file has that. */
  description?: string | undefined
  /** The pictures that are in the file, by the names that its posts have for them. */
  pictures?: ReadonlyMap<string, Uint8Array> | undefined
}

/** How much of a file says what it is. */
const HEAD = 4096

const readText = (file: string): Promise<string | undefined> => readFile(file).then(decode, () => undefined)

/**
 * What a file of posts holds in lines: its own, or one of JSON for each post that a container holds. A folder of brat's documents is
 * one file, too, and the parts of a data set of the hub.
 *
 * @param expected what should be there, for the error, e.g. `a file of posts`.
 * @throws InvalidArgumentError naming a file that cannot be read at all.
 */
export async function readSource(file: string, expected: string): Promise<SourceLines> {
  const [first = file, ...others] = await partsOf(file)
  const opened = await openFile(first, expected)
  if (others.length === 0) return opened
  const parts = [opened]
  for (const part of others) parts.push(await openFile(part, expected))
  const pictures = new Map<string, Uint8Array>()
  const problems = parts.flatMap(part => part.problems)
  const places = parts.flatMap(
    (part, at) =>
      part.places ?? part.lines.map((_, line) => ({ file: [first, ...others][at]!, line: line + 1 })),
  )
  for (const [name, bytes] of parts.flatMap(part => [...(part.pictures ?? [])])) {
    const held = pictures.get(name)
    pictures.set(name, bytes)
    if (held && Buffer.compare(held, bytes) !== 0) {
      const rule = 'must have pictures of one name in one of its parts only'
      const error = {
        rule,
        received: quoted(name),
        fix: 'Name the pictures apart; they are in several parts.',
      }
      problems.push({ code: 'picture-name', line: 1, about: rule, error })
    }
  }
  return { ...opened, lines: parts.flatMap(part => part.lines), places, problems, pictures }
}

async function openFile(file: string, expected: string): Promise<SourceLines> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw dataError({
      file,
      rule: `must be ${expected}`,
      received: error.message,
      fix: 'Check the path and that the file may be read.',
    })
  })
  const unread = unreadFile(bytes)
  if (unread) {
    throw dataError({
      file,
      rule: `must be ${expected}`,
      received: `${unread.name}, which is not read`,
      fix: unread.fix,
    })
  }
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD))
  const container = containerOf(file, head)
  if (container?.openBytes) return { container: container.name, ...(await container.openBytes(bytes, file)) }
  const source = linesOf(bytes)
  if (!container?.openText) return source
  const problems = source.problems.filter(({ code }) => code !== 'carriage-return')
  if (problems.some(({ error }) => error)) return { container: container.name, lines: [], problems }
  const opened = await container.openText(new TextDecoder().decode(bytes), file, readText)
  return { container: container.name, ...opened, problems: [...problems, ...opened.problems] }
}

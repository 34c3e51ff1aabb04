import { readFile } from 'node:fs/promises'
import { containerOf } from '../containers/containers'
import { dataError } from '../posts/data-error'
import type { SourcePlace } from '../posts/post'
import { annotationsBeside, bratFiles } from './brat-files'
import { decode, linesOf, type TextLines } from './text-lines'

/** The lines of a file of posts. */
export interface SourceLines extends TextLines {
  /** What the file is, where its posts do not stand in lines. */
  container?: string
  /** Where each line stands, where that is not one below the other. */
  places?: SourcePlace[]
  /** The names of its label numbers, where the file has them. */
  labelNames?: readonly string[] | undefined
}

/** How much of a file says what it is. */
const HEAD = 4096

const readText = (file: string): Promise<string | undefined> => readFile(file).then(decode, () => undefined)

/**
 * What a file of posts holds in lines: its own, or one of JSON for each post that a container holds. A folder of brat's documents is
 * one, too.
 *
 * @param expected what should be there, for the error, e.g. `a file of posts`.
 * @throws InvalidArgumentError naming a file that cannot be read at all.
 */
export async function readSource(file: string, expected: string): Promise<SourceLines> {
  const documents = await bratFiles(file)
  if (documents.length === 0) return openFile((await annotationsBeside(file)) ?? file, expected)
  const opened: SourceLines = {
    container: `a folder of brat's documents`,
    lines: [],
    places: [],
    problems: [],
  }
  for (const document of documents) {
    const { lines, places = [], problems } = await openFile(document, expected)
    opened.lines.push(...lines)
    opened.places!.push(...places)
    opened.problems.push(...problems.map(problem => ({ file: document, ...problem })))
  }
  return opened
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

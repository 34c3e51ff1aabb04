import { POSTS_FILE } from '../formats/formats'
import { dataError } from '../posts/data-error'
import { countedKinds, firstError } from '../posts/problem'
import { fittingReading } from './fitting-reading'
import { type ReadFile, type Reading, readFile } from './read-file'

/** Where the first thing that is wrong is a misplaced entity: how many there are, and by which reading there are none. */
async function misplacedError(file: string, how: Reading, read: ReadFile): Promise<Error | undefined> {
  const [first] = read.problems.filter(({ error }) => error)
  if (first?.code !== 'misplaced-entity') return undefined
  const count = read.problems.filter(({ code }) => code === 'misplaced-entity').length
  const fitting = await fittingReading(file, how, read)
  const { rule, received, fix } = first.error!
  return dataError({
    ...{ file: first.file ?? file, line: first.line, rule },
    received: `${received} (the first of ${count} such entities)`,
    fix: fitting ? `All fit as ${fitting.what}: read them so (${fitting.options}). Else: ${fix}` : fix,
  })
}

/**
 * Reads one file of posts, in the format that its first lines or else its suffix are in.
 *
 * @throws InvalidArgumentError naming file and line of whatever cannot be read without loss, or when there are no posts.
 */
export async function readWithoutLoss(file: string, how: Reading = {}): Promise<ReadFile> {
  const read = await readFile(file, how)
  const error = firstError(file, read.problems)
  if (error) throw (await misplacedError(file, how, read)) ?? error
  if (read.posts.length > 0) return read
  const left = countedKinds(read.problems, new Set(['left-out'])).map(
    ({ count, about }) => `${count} ${about}`,
  )
  throw dataError({
    file,
    rule: 'must hold at least one post',
    received: left.length > 0 ? `${left.join(', ')}, which are left out` : 'an empty file',
    fix: `Write the posts there, so that it is ${POSTS_FILE}; or remove the file.`,
  })
}

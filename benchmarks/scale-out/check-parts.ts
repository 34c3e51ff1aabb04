import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What stands in a folder of parts. */
export interface FoundParts {
  parts: number
  posts: number
  /** Lines that are errors. */
  errors: number
}

/** Paths of the records in a folder, which `ner-maf predict --shards` has written for one model. */
export async function recordsOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true }).catch(() => [])
  return found.filter(name => /part-\d+\.json$/.test(name)).map(name => join(folder, name))
}

/**
 * Reads what was found, by the records alone.
 *
 * @param ids of the posts, in any order
 * @param poison those of posts that end their process
 * @throws Error where an id is not there exactly once, or anything else than the poison is an error.
 */
export async function checkParts(
  folder: string,
  ids: readonly string[],
  poison: ReadonlySet<string>,
): Promise<FoundParts> {
  const records = await recordsOf(folder)
  const times = new Map<string, number>(ids.map(id => [id, 0]))
  const errors = new Set<string>()
  for (const path of records) {
    const { part } = JSON.parse(await readFile(path, 'utf8'))
    for (const line of (await readFile(join(folder, part), 'utf8')).trimEnd().split('\n')) {
      const { id, error } = JSON.parse(line)
      times.set(id, (times.get(id) ?? -1) + 1)
      if (error) errors.add(id)
    }
  }
  const wrong = [...times].filter(([, count]) => count !== 1).map(([id]) => id)
  if (wrong.length > 0)
    throw new Error(`${wrong.length} ids are not there exactly once, such as ${wrong[0]}.`)
  const differing = [...new Set([...errors, ...poison])].filter(id => errors.has(id) !== poison.has(id))
  if (differing.length > 0) throw new Error(`Error lines are others than the poison: ${differing.join(', ')}`)
  return { parts: records.length, posts: times.size, errors: errors.size }
}

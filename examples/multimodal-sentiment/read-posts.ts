import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'

/** A post with its label. */
export interface LabelledPost {
  id: string
  text: string
  /** Within the folder of the posts. */
  picture: string
  label: string
}

/** Most MVSA files are UTF-8, a quarter GB18030; UTF-8 refuses what is something else. */
const ENCODINGS = ['utf-8', 'gb18030'] as const

/**
 * Reads a folder as MVSA has it: `label.csv` with the columns `id` and `sentiment`, and for each id `ID.txt` and `ID.jpg`.
 *
 * @throws InvalidArgumentError for another file of labels, one post twice, or a text or picture that is not there.
 */
export async function readPosts(folder: string): Promise<LabelledPost[]> {
  const refuse = (argument: string, rule: string, received: string): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  const files = new Set(await readdir(folder))
  const table = join(folder, 'label.csv')
  if (!files.has('label.csv')) refuse(table, 'must be there: id,sentiment', 'no such file')
  const [titles, ...lines] = (await readFile(table, 'utf8')).split(/\r?\n/).filter(line => line !== '')
  if (titles !== 'id,sentiment') refuse(`${table}:1`, 'must be id,sentiment', titles ?? 'nothing')
  const seen = new Set<string>()
  const posts: LabelledPost[] = []
  for (const [i, line] of lines.entries()) {
    const place = `${table}:${i + 2}`
    const [id, label, ...more] = line.split(',')
    if (!id || !label || more.length > 0) refuse(place, 'must be an id and a sentiment', line)
    if (seen.has(id!)) refuse(place, 'must be of a post that was not there before', id!)
    seen.add(id!)
    for (const file of [`${id}.txt`, `${id}.jpg`]) {
      if (!files.has(file)) refuse(place, `must have ${file} beside it`, `no such ${extname(file)} file`)
    }
    const path = join(folder, `${id}.txt`)
    const text = withoutLinks(decodeText(await readFile(path), path))
    posts.push({ id: id!, text, picture: `${id}.jpg`, label: label! })
  }
  return posts
}

function decodeText(bytes: Uint8Array, path: string): string {
  for (const encoding of ENCODINGS) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {}
  }
  throw new InvalidArgumentError({
    argument: path,
    rule: `must be text in ${ENCODINGS.join(' or ')}`,
    received: 'other bytes',
    fix: 'Convert it to UTF-8.',
  })
}

/** A post without addresses, mentions and the mark of a repost: they say who posted, not how somebody feels. */
export const withoutLinks = (text: string): string =>
  text
    .replace(/^\s*RT\b/, ' ')
    .replace(/\b(?:https?:|www\.)\S*/gi, ' ')
    .replace(/@\w+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

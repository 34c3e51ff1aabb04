import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPicture, pictureHeader } from '@mafjs/encoders'
import { picturesAtOnce } from '../pictures/pictures-at-once'
import { groupBy } from './group-by'

/** What one picture file is. */
export interface PictureFacts {
  /** Relative to the images folder. */
  path: string
  bytes: number
  /** As its content has it, e.g. `jpeg`. */
  format?: string
  width?: number
  height?: number
  /** Why it cannot be used; absent where it can, or was not decoded. */
  fault?: string
}

/** How pictures are looked at. */
export interface PictureFactsOptions {
  /** Read the headers only: a picture cut off behind its header is not found. @default false */
  quick?: boolean | undefined
  /** That bound how many are decoded at once. @default one for each processor that this process may use */
  threads?: number | undefined
}

const faultOf = (error: unknown, path: string): string =>
  (error instanceof Error ? error.message : String(error)).replace(`${path}: `, '').replace(/\.$/, '')

async function readFacts(images: string, path: string, quick: boolean): Promise<PictureFacts> {
  const full = join(images, path)
  const facts: PictureFacts = { path, bytes: 0 }
  try {
    facts.bytes = (await stat(full)).size
    Object.assign(facts, await pictureHeader(full))
    if (!quick) await checkPicture(full)
    return facts
  } catch (error) {
    return { ...facts, fault: faultOf(error, full) }
  }
}

/** Calls for every item, some at once, in their order. */
async function inFlight<Item>(
  items: readonly Item[],
  threads: number | undefined,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const work = async (): Promise<void> => {
    for (const item of left) await act(item)
  }
  await Promise.all(Array.from({ length: picturesAtOnce(threads) }, work))
}

/** Looks at picture files: what they are, and whether they can be used. */
export async function readPictureFacts(
  images: string,
  paths: readonly string[],
  { quick = false, threads }: PictureFactsOptions = {},
): Promise<Map<string, PictureFacts>> {
  const facts = new Map<string, PictureFacts>()
  for (const path of paths) facts.set(path, { path, bytes: 0 })
  await inFlight(paths, threads, async path => {
    facts.set(path, await readFacts(images, path, quick))
  })
  return facts
}

/** The pictures that are byte for byte the same, in groups of two or more; only files of the same size are read. */
export async function identicalPictures(
  images: string,
  facts: Iterable<PictureFacts>,
  threads?: number,
): Promise<PictureFacts[][]> {
  const candidates = [...groupBy(facts, ({ bytes }) => bytes).values()]
    .filter(({ length }) => length > 1)
    .flat()
  const digests = new Map<PictureFacts, string>()
  await inFlight(candidates, threads, async picture => {
    const content = await readFile(join(images, picture.path)).catch(() => undefined)
    if (content) digests.set(picture, createHash('sha256').update(content).digest('hex'))
  })
  const read = candidates.filter(picture => digests.has(picture))
  const byDigest = groupBy(read, picture => digests.get(picture))
  return [...byDigest.values()].filter(({ length }) => length > 1)
}

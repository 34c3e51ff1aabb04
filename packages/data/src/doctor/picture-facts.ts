import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPicture, pictureHeader } from '@mafjs/encoders'
import { brokenReason } from '../pictures/broken-picture'
import { createLimit } from '../pictures/create-limit'
import { picturesAtOnce } from '../pictures/pictures-at-once'
import { groupBy } from './group-by'

/** What one picture file is. */
export interface PictureFacts {
  /** Relative to the images folder. */
  path: string
  bytes: number
  /** As its content has it, e.g. `jpeg`. */
  format?: string | undefined
  width?: number | undefined
  height?: number | undefined
  /** Why it cannot be used; absent where it can, or was not decoded. */
  fault?: string | undefined
}

/** How pictures are looked at. */
export interface PictureFactsOptions {
  /** Read the headers only: a picture cut off behind its header is not found. @default false */
  quick?: boolean | undefined
  /** That bound how many are decoded at once. @default one for each processor that this process may use */
  threads?: number | undefined
}

async function readFacts(images: string, path: string, quick: boolean): Promise<PictureFacts> {
  const full = join(images, path)
  const facts: PictureFacts = { path, bytes: 0 }
  try {
    facts.bytes = (await stat(full)).size
    Object.assign(facts, await pictureHeader(full))
    if (!quick) await checkPicture(full)
    return facts
  } catch (error) {
    return { ...facts, fault: brokenReason(error, full) }
  }
}

/** Calls for every item, some at once, and gives the results in order. */
function inFlight<Item, Result>(
  items: readonly Item[],
  threads: number | undefined,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limited = createLimit(picturesAtOnce(threads))
  return Promise.all(items.map(item => limited(() => act(item))))
}

/** Looks at picture files: what they are, and whether they can be used. */
export async function readPictureFacts(
  images: string,
  paths: readonly string[],
  { quick = false, threads }: PictureFactsOptions = {},
): Promise<Map<string, PictureFacts>> {
  const facts = await inFlight(paths, threads, path => readFacts(images, path, quick))
  return new Map(facts.map(one => [one.path, one]))
}

/** The pictures that are byte for byte the same, in groups of two or more; only files of the same size are read. */
export async function identicalPictures(
  images: string,
  facts: Iterable<PictureFacts>,
  threads?: number,
): Promise<PictureFacts[][]> {
  const severalOf = <Key>(items: Iterable<PictureFacts>, keyOf: (item: PictureFacts) => Key) =>
    [...groupBy(items, keyOf).values()].filter(({ length }) => length > 1)
  const candidates = severalOf(facts, ({ bytes }) => bytes).flat()
  const digests = await inFlight(candidates, threads, async picture => {
    const content = await readFile(join(images, picture.path))
    return [picture, createHash('sha256').update(content).digest('hex')] as const
  })
  const digestOf = new Map(digests)
  return severalOf(candidates, picture => digestOf.get(picture))
}

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { groupBy } from '../group-by'
import { eachPicture } from './each-picture'

/** A picture file. */
export interface PictureFile {
  /** Relative to the images folder. */
  path: string
  bytes: number
}

/** The pictures that are byte for byte the same, in groups of two or more; only files of the same size are read. */
export async function identicalPictures<File extends PictureFile>(
  images: string,
  files: Iterable<File>,
  threads?: number,
): Promise<File[][]> {
  const severalOf = <Key>(items: Iterable<File>, keyOf: (item: File) => Key) =>
    [...groupBy(items, keyOf).values()].filter(({ length }) => length > 1)
  const candidates = severalOf(files, ({ bytes }) => bytes).flat()
  const digests = await eachPicture(candidates, threads, async picture => {
    const content = await readFile(join(images, picture.path))
    return [picture, createHash('sha256').update(content).digest('hex')] as const
  })
  const digestOf = new Map(digests)
  return severalOf(candidates, picture => digestOf.get(picture))
}

/** Which of some pictures, relative to the images folder, are byte for byte the same, in groups of two or more. */
export async function copiesAmong(
  images: string,
  paths: Iterable<string>,
  threads?: number,
): Promise<string[][]> {
  const sized = async (path: string) => ({ path, bytes: (await stat(join(images, path))).size })
  const groups = await identicalPictures(images, await eachPicture([...paths], threads, sized), threads)
  return groups.map(files => files.map(({ path }) => path))
}

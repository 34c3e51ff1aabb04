import { readdir } from 'node:fs/promises'
import { extname, posix, relative, sep } from 'node:path'
import { identicalPictures } from '../pictures/identical-pictures'
import { createPictureFinder } from '../pictures/picture-files'
import { type PictureFacts, type PictureFactsOptions, readPictureFacts } from './picture-facts'
import type { DoctorFile, DoctorPost } from './post'

/** A picture that a post names. */
export interface FoundPicture {
  post: DoctorPost
  /** As the post names it. */
  name: string
  /** Its file, relative to the images folder; undefined where there is none. */
  path: string | undefined
}

/** The pictures of a data set. */
export interface DoctorPictures {
  images: string
  /** What posts name, in order. */
  found: readonly FoundPicture[]
  facts: ReadonlyMap<string, PictureFacts>
  identical: readonly (readonly PictureFacts[])[]
  /** Picture files that no post names, relative to the images folder. */
  unnamed: readonly string[]
}

/** Files that are pictures by their name; others in the folder (lists, licences) are nobody's loss. */
const PICTURE_FILE = /^\.(jpe?g|png|webp|gif|bmp|tiff?|avif|heic)$/i

async function pictureFiles(images: string): Promise<string[]> {
  const entries = await readdir(images, { withFileTypes: true, recursive: true })
  return entries
    .filter(entry => !entry.isDirectory() && PICTURE_FILE.test(extname(entry.name)))
    .map(entry => posix.join(relative(images, entry.parentPath).split(sep).join('/'), entry.name))
    .sort()
}

/**
 * Looks up and looks at the pictures that posts name.
 *
 * @param quick read their headers only.
 * @param threads that bound how many are decoded at once.
 * @param onPictures is told how many there are before they are looked at.
 * @throws InvalidArgumentError when the images folder cannot be read.
 */
export async function readPictures(
  images: string,
  files: readonly DoctorFile[],
  {
    onPictures,
    ...options
  }: PictureFactsOptions & { onPictures?: ((count: number) => void) | undefined } = {},
): Promise<DoctorPictures> {
  const find = await createPictureFinder(images)
  const found: FoundPicture[] = []
  for (const post of files.flatMap(({ posts }) => posts)) {
    for (const name of post.pictures) found.push({ post, name, path: await find(name) })
  }
  const named = new Set(found.flatMap(({ path }) => path ?? []))
  onPictures?.(named.size)
  const facts = await readPictureFacts(images, [...named], options)
  const identical = await identicalPictures(
    images,
    [...facts.values()].filter(({ fault }) => fault === undefined),
    options.threads,
  )
  const unnamed = (await pictureFiles(images)).filter(path => !named.has(path))
  return { images, found, facts, identical, unnamed }
}

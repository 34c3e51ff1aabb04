import { readdir } from 'node:fs/promises'
import { posix } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'

/** The suffixes tried after an IMGID, in this order; what a file really is, its content decides later. */
export const PICTURE_SUFFIXES = ['.jpg', '.jpeg', '.png', '.webp', '.gif'] as const

/** Finds the file of a picture: its path relative to the images folder, or undefined when there is none. */
export type PictureFinder = (picture: string) => Promise<string | undefined>

/**
 * Looks pictures up in a folder: a name that is a file there is that file, else the name with one of the usual suffixes
 * (in any case) is. Every folder is listed once.
 *
 * @throws InvalidArgumentError when the images folder cannot be read.
 */
export async function createPictureFinder(images: string): Promise<PictureFinder> {
  const list = async (folder: string): Promise<Map<string, string>> => {
    const entries = await readdir(folder === '.' ? images : posix.join(images, folder), {
      withFileTypes: true,
    })
    const files = entries.filter(entry => !entry.isDirectory()).map(entry => entry.name)
    const lowered = files.map((name): [string, string] => {
      const dot = name.lastIndexOf('.')
      return dot < 0 ? [name, name] : [name.slice(0, dot) + name.slice(dot).toLowerCase(), name]
    })
    // The exact names go last, so that they win over names that differ only in their suffix's case.
    return new Map([...lowered, ...files.map((name): [string, string] => [name, name])])
  }
  const folders = new Map<string, Promise<Map<string, string>>>()
  try {
    folders.set('.', Promise.resolve(await list('.')))
  } catch (error) {
    throw new InvalidArgumentError({
      argument: 'images',
      rule: 'must be a folder of pictures',
      received: error instanceof Error ? error.message : String(error),
      fix: 'Name the folder the pictures are in, or none to read the text only.',
    })
  }
  return async picture => {
    const path = posix.normalize(picture)
    const folder = posix.dirname(path)
    if (!folders.has(folder)) {
      // A subfolder that does not exist holds no picture; that is counted like any other missing picture.
      folders.set(
        folder,
        list(folder).catch(() => new Map()),
      )
    }
    const files = await folders.get(folder)!
    const name = posix.basename(path)
    const found = ['', ...PICTURE_SUFFIXES].map(suffix => files.get(name + suffix)).find(Boolean)
    return found === undefined ? undefined : posix.join(folder, found)
  }
}

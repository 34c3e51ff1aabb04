import { readdir } from 'node:fs/promises'
import { posix } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { dataError, quoted } from '../posts/data-error'

/** The suffixes tried after an IMGID, in this order; what a file really is, its content decides later. */
export const PICTURE_SUFFIXES = ['.jpg', '.jpeg', '.png', '.webp', '.gif'] as const

/**
 * Refuses a picture name that could leave the images folder, which a data file from elsewhere must not be able to.
 *
 * @throws InvalidArgumentError naming file and line.
 */
export function checkPictureName(picture: string, file: string, line: number): void {
  const bad =
    picture === ''
      ? 'an empty name'
      : picture.includes('\0')
        ? 'a NUL character'
        : picture.includes('\\')
          ? 'a backslash'
          : /^[a-z][a-z0-9+.-]*:\/\//i.test(picture)
            ? 'a web address'
            : picture.startsWith('/') || /^[a-z]:/i.test(picture)
              ? 'an absolute path'
              : picture.split('/').includes('..')
                ? 'a step out of the folder (..)'
                : undefined
  if (bad === undefined) return
  throw dataError({
    file,
    line,
    rule: 'must name a picture inside the images folder',
    received: `${quoted(picture)}, ${bad}`,
    fix: 'Name the picture by its path relative to the images folder, with / between folders.',
  })
}

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

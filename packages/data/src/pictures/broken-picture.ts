import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Post } from '../posts/post'
import { picturesOf } from './pictures-of'

/** What a missing or broken picture does: its posts count as posts without it, or the run stops. */
export type OnBrokenPicture = 'skip' | 'stop'

/** A picture that could not be decoded. */
export interface BrokenPicture {
  /** Relative to the images folder. */
  file: string
  reason: string
}

/** Whose pictures are read. */
export interface PictureFolder {
  /** The images folder. */
  images: string
  /** What a picture that cannot be decoded does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
  /** Pictures that are known to be broken, of an earlier part of the same run. @default none */
  broken?: readonly BrokenPicture[] | undefined
}

/** What of a post says which pictures it has. */
export type Pictured = Pick<Post, 'image' | 'images'>

/** The files of the pictures of some posts, each once. */
export const filesOf = (posts: readonly Pictured[]): string[] => [...new Set(posts.flatMap(picturesOf))]

/** What is wrong with a picture, without its name: which it is, the report says itself. */
export function brokenReason(error: unknown, path: string): string {
  // The options were wrong, which is no fault of the picture.
  if (error instanceof InvalidArgumentError) throw error
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(`${path}: `, '')
    .replace(/^picture of \d+ bytes: /, '')
    .replace(/\.$/, '')
}

/**
 * Reads the whole pictures of posts. A broken one is reported once and left out, so that training goes on.
 *
 * @param find gives what is read of a file
 */
export function createRowReader<Found>(
  { images, onBrokenPicture = 'skip', broken: known = [] }: PictureFolder,
  find: (file: string) => Promise<Found>,
) {
  const broken = new Map(known.map(picture => [picture.file, picture]))
  const read = async (file: string): Promise<Found | undefined> => {
    if (broken.has(file)) return undefined
    try {
      return await find(file)
    } catch (error) {
      const path = join(images, file)
      const reason = brokenReason(error, path)
      if (onBrokenPicture === 'stop') {
        throw new InvalidArgumentError({
          argument: path,
          rule: 'must be a picture that can be decoded',
          received: reason,
          fix: 'Replace the file, or skip such pictures: its posts then count as posts without a picture.',
        })
      }
      broken.set(file, { file, reason })
      return undefined
    }
  }
  return {
    /** Of each post its pictures, and room for what posts name: a broken picture changes no shape. */
    async rows(posts: readonly Pictured[]): Promise<{ rows: Found[][]; places: number }> {
      const found = new Map(
        await Promise.all(filesOf(posts).map(async file => [file, await read(file)] as const)),
      )
      return {
        rows: posts.map(post => picturesOf(post).flatMap(file => found.get(file) ?? [])),
        places: Math.max(1, ...posts.map(post => picturesOf(post).length)),
      }
    },
    isBroken: (file: string): boolean => broken.has(file),
    /** Those met so far, by name. */
    broken: (): BrokenPicture[] => [...broken.values()].sort((a, b) => (a.file < b.file ? -1 : 1)),
  }
}

import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Post } from '../posts/post'
import { type BrokenPicture, brokenReason, refuseBroken, sortedBroken } from './broken-picture'
import { createLimit } from './create-limit'
import { picturesAtOnce } from './pictures-at-once'
import { picturesOf } from './pictures-of'

/** A picture as an image encoder reads it: `[height, width, 3]`, normalised. */
export interface LoadedPicture {
  pixels: Float32Array
  width: number
  height: number
}

/** Decodes a file; `loadPicture` of `@mafjs/encoders` with its options bound. */
export type PictureLoader = (path: string) => Promise<LoadedPicture>

/** Where a batch's pictures come from. */
export interface PictureStoreOptions {
  /** The images folder. */
  images: string
  load: PictureLoader
  /** Side of the square pictures, pixels. */
  size: number
  /** Whether a picture that cannot be decoded is an error. @default false */
  strict?: boolean
  /** Pictures that are known to be broken, of an earlier part of the same run. @default none */
  broken?: readonly BrokenPicture[]
  /** How many decoded pictures are kept in memory; one of 224 x 224 takes 0.6 MB. @default 256 */
  cachedPictures?: number
  /** How many pictures are decoded at once; more than the cores there are gains nothing. @default {@link picturesAtOnce} */
  inFlight?: number
}

/** The pictures of one batch. */
export interface PictureBatch {
  /** `[batch, size, size, 3]`; zeros where there is no picture */
  pixels: Float32Array
  /** `[batch]`: 1 = the post has a picture, 0 = it has none, or a broken one */
  present: Float32Array
}

/** Loads the pictures of batch after batch. */
export interface PictureStore {
  /** @throws Error of the picture that cannot be decoded, with `strict`. */
  loadBatch(examples: readonly Post[]): Promise<PictureBatch>
  /** The broken pictures met so far, each once, by name. */
  broken(): BrokenPicture[]
}

const assertPositive = (argument: string, received: number, least: number): void => {
  if (Number.isInteger(received) && received >= least) return
  throw new InvalidArgumentError({ argument, rule: `must be a whole number of at least ${least}`, received })
}

/**
 * Checks that a post fits into a batch of pixels, which has one picture for each post.
 *
 * @throws InvalidArgumentError naming file and line of a post with several pictures.
 */
export function assertOnePicture(example: Post): void {
  const pictures = picturesOf(example)
  if (pictures.length <= 1) return
  throw new InvalidArgumentError({
    argument: `${example.source.file}:${example.source.line}`,
    rule: 'must be a post with one picture at most where the pictures themselves are read',
    received: `post "${example.id}" with ${pictures.length} pictures`,
    fix: 'Take a frozen image encoder, whose features are read; probe and export read the pictures themselves.',
  })
}

/**
 * A store of decoded pictures with a bounded memory: the least recently used picture goes first. A broken picture is
 * reported once and its posts are read as posts without a picture, so that training goes on.
 *
 * @throws InvalidArgumentError for a size or limit that is not a positive whole number.
 */
export function createPictureStore({
  images,
  load,
  size,
  strict = false,
  broken: known = [],
  cachedPictures = 256,
  inFlight = picturesAtOnce(),
}: PictureStoreOptions): PictureStore {
  assertPositive('size', size, 1)
  assertPositive('cachedPictures', cachedPictures, 0)
  assertPositive('inFlight', inFlight, 1)
  const limited = createLimit(inFlight)
  const cache = new Map<string, Promise<Float32Array | undefined>>()
  const broken = new Map(known.map(picture => [picture.file, picture]))

  const decode = async (file: string): Promise<Float32Array | undefined> => {
    const path = join(images, file)
    let picture: LoadedPicture
    try {
      picture = await limited(() => load(path))
    } catch (error) {
      const reason = brokenReason(error, path)
      if (strict) refuseBroken(path, reason)
      broken.set(file, { file, reason })
      return undefined
    }
    const { pixels, width, height } = picture
    if (width !== size || height !== size || pixels.length !== size * size * 3) {
      throw new InvalidArgumentError({
        argument: 'load',
        rule: `must give pictures of shape [${size}, ${size}, 3]`,
        received: `[${height}, ${width}, ...], ${pixels.length} numbers, for ${file}`,
        fix: 'Give the loader and the store the same size.',
      })
    }
    return pixels
  }

  const remember = (file: string): Promise<Float32Array | undefined> => {
    if (broken.has(file)) return Promise.resolve(undefined)
    const pixels = cache.get(file) ?? decode(file)
    cache.delete(file)
    cache.set(file, pixels)
    pixels.catch(() => cache.delete(file))
    for (const oldest of cache.keys()) {
      if (cache.size <= cachedPictures) break
      cache.delete(oldest)
    }
    return pixels
  }

  return {
    async loadBatch(examples) {
      const pixels = new Float32Array(examples.length * size * size * 3)
      const present = new Float32Array(examples.length)
      const rows = new Map<string, number[]>()
      for (const [row, example] of examples.entries()) {
        const { image } = example
        assertOnePicture(example)
        if (image !== undefined) rows.set(image, [...(rows.get(image) ?? []), row])
      }
      await Promise.all(
        [...rows].map(async ([file, places]) => {
          const picture = await remember(file)
          if (!picture) return
          for (const row of places) {
            pixels.set(picture, row * size * size * 3)
            present[row] = 1
          }
        }),
      )
      return { pixels, present }
    },
    broken: () => sortedBroken(broken.values()),
  }
}

/** The picture file of each post that could be decoded; of several all, one on each line. */
export function wholePictures(
  examples: readonly Pick<Post, 'image' | 'images'>[],
  broken: readonly BrokenPicture[],
): (string | undefined)[] {
  const files = new Set(broken.map(({ file }) => file))
  return examples.map(example => {
    const whole = picturesOf(example).filter(file => !files.has(file))
    return whole.length === 0 ? undefined : whole.join('\n')
  })
}

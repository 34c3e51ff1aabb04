import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type BrokenPicture, createRowReader, type Pictured, type PictureFolder } from './broken-picture'
import { createLimit } from './create-limit'
import { batchPictures, type PictureBatch } from './picture-batch'
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
export interface PictureStoreOptions extends PictureFolder {
  load: PictureLoader
  /** Side of the square pictures, pixels. */
  size: number
  /** Whether a batch has a picture in every place, as {@link batchPictures} has it. @default false */
  fill?: boolean | undefined
  /** How many decoded pictures are kept in memory; one of 224 x 224 takes 0.6 MB. @default 256 */
  cachedPictures?: number | undefined
  /** How many pictures are decoded at once; more than the cores there are gains nothing. @default {@link picturesAtOnce} */
  inFlight?: number | undefined
}

/** Gives the pictures of batch after batch of posts. */
export interface Pictures<Batch> {
  /** @throws InvalidArgumentError for a picture that cannot be decoded, where such a picture stops the run. */
  load(posts: readonly Pictured[]): Promise<Batch>
  /** Is told of the posts that are asked for next. */
  ahead(posts: readonly Pictured[]): Promise<void>
  /** The broken pictures met so far, each once, by name. */
  broken(): BrokenPicture[]
  /** Frees what is kept in memory, after the calls under way. */
  dispose(): Promise<void>
}

const assertPositive = (argument: string, received: number, least: number): void => {
  if (Number.isInteger(received) && received >= least) return
  throw new InvalidArgumentError({ argument, rule: `must be a whole number of at least ${least}`, received })
}

/**
 * A store of decoded pictures with a bounded memory: the least recently used picture goes first. A broken picture is
 * reported once and its posts are read as posts without a picture, so that training goes on.
 *
 * @throws InvalidArgumentError for a size or limit that is not a positive whole number.
 */
export function createPictureStore({
  load,
  size,
  cachedPictures = 256,
  inFlight = picturesAtOnce(),
  fill,
  ...folder
}: PictureStoreOptions): Pictures<PictureBatch> {
  assertPositive('size', size, 1)
  assertPositive('cachedPictures', cachedPictures, 0)
  assertPositive('inFlight', inFlight, 1)
  const limited = createLimit(inFlight)
  const cache = new Map<string, Promise<Float32Array>>()

  const decode = async (file: string): Promise<Float32Array> => {
    const { pixels, width, height } = await limited(() => load(join(folder.images, file)))
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

  const remember = (file: string): Promise<Float32Array> => {
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

  const reader = createRowReader(folder, remember)
  return {
    async load(posts) {
      const { rows, places } = await reader.rows(posts)
      return batchPictures(rows, { size, places, fill })
    },
    ahead: async () => {},
    broken: reader.broken,
    dispose: async () => cache.clear(),
  }
}

/** The picture file of each post that could be decoded; of several all, one on each line. */
export function wholePictures(
  posts: readonly Pictured[],
  broken: readonly BrokenPicture[],
): (string | undefined)[] {
  const files = new Set(broken.map(({ file }) => file))
  return posts.map(post => {
    const whole = picturesOf(post).filter(file => !files.has(file))
    return whole.length === 0 ? undefined : whole.join('\n')
  })
}

import { findTokens, nearField, type Post, type SplitText, splitWords } from '@mafjs/data'
import { loadPicture, PictureError, preparationOf } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Preprocessing } from '../checkpoint/checkpoint'
import { refuseSeveral } from '../model/single-picture'
import type { AnnotateOptions, PostInput, SkippedPicture } from './annotation'

/** What of a post is read; what else it has is the caller's own. */
const FIELDS = ['text', 'tokens', 'image', 'images']

/** A post after reading: its words and where they stand, and what its pictures are decoded from. */
export interface ReadPost {
  text: string
  offsets: [number, number][]
  example: Post
  /** None where the model is text only. */
  sources: readonly (string | Uint8Array)[]
}

/** A post's pictures. */
export interface DecodedPictures {
  /** `[size, size, 3]` each */
  pictures: Float32Array[]
  /** Those that could not be decoded and are left out. */
  skipped: SkippedPicture[]
}

const refuse = (argument: string, rule: string, received: unknown): never => {
  throw new InvalidArgumentError({ argument, rule, received: received === null ? 'null' : typeof received })
}

/** Given words and where they stand in the text. */
function placeTokens(text: string, tokens: readonly string[]): SplitText {
  const isList = Array.isArray(tokens) && tokens.every(token => typeof token === 'string' && token !== '')
  const found = isList ? findTokens(text, tokens) : { misfit: 0 }
  if ('offsets' in found) return { words: [...tokens], offsets: found.offsets }
  throw new InvalidArgumentError({
    argument: 'tokens',
    rule: 'must be the words of the text, in order, none empty, and with nothing but white space between them',
    received: isList ? `${JSON.stringify(tokens[found.misfit] ?? 'the end')} where it is not next` : tokens,
    fix: 'Correct one of the two, or give only one of them.',
  })
}

const isSource = (value: unknown): value is string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array

/** The pictures of a post, of `image` or of `images`. */
function sourcesOf({ image, images }: PostInput): readonly (string | Uint8Array)[] {
  if (image !== undefined && images !== undefined) {
    throw new InvalidArgumentError({
      argument: 'images',
      rule: 'must be given instead of image, not beside it',
      received: 'both',
      fix: 'Put all pictures of the post into images.',
    })
  }
  if (image !== undefined && !isSource(image)) {
    return refuse('image', 'must be a path, a Buffer or a Uint8Array', image)
  }
  if (images === undefined) return image === undefined ? [] : [image]
  if (Array.isArray(images) && images.every(isSource)) return images
  return refuse('images', 'must be a list of paths, Buffers or Uint8Arrays', images)
}

/** How posts are read. */
export interface ReadPostOptions {
  /** Whether a post may have one picture at most. @default false */
  single?: boolean | undefined
}

/**
 * Reads the text of a post as the model was trained to read texts.
 *
 * @throws InvalidArgumentError for a text that is no string, tokens that are not its words, a picture that is neither path nor
 * bytes, or more pictures than the model has places for
 */
export function readPost(
  post: PostInput,
  { splitter, pictureSize }: Preprocessing,
  { single = false }: ReadPostOptions = {},
): ReadPost {
  if (typeof post !== 'object' || post === null)
    return refuse('post', 'must be { text, image?, images? }', post)
  for (const name of Object.keys(post)) {
    const wanted = FIELDS.includes(name) ? undefined : nearField(name, FIELDS)
    if (wanted === undefined || Object.hasOwn(post, wanted)) continue
    throw new InvalidArgumentError({
      argument: 'post',
      rule: `must have "${wanted}" under that name`,
      received: `a field ${JSON.stringify(name)}`,
      fix: 'Rename it, or leave it out.',
    })
  }
  const { text, tokens } = post
  if (typeof text !== 'string') return refuse('text', 'must be a string', text)
  const sources = sourcesOf(post)
  const { words, offsets } = tokens === undefined ? splitWords(text, splitter) : placeTokens(text, tokens)
  const example: Post = { id: '', words, source: { file: 'post', line: 1 } }
  if (pictureSize === undefined) return { text, offsets, example, sources: [] }
  if (single && sources.length > 1) refuseSeveral(`${sources.length} pictures`)
  return { text, offsets, example, sources }
}

/**
 * Decodes a post's pictures as the model was trained to see pictures.
 *
 * @throws PictureError for a picture that cannot be decoded, unless it is to be left out
 * @throws the reason of a signal that is aborted before the last picture
 */
export async function decodePictures(
  { sources }: Pick<ReadPost, 'sources'>,
  { splitter: _, pictureSize, ...transform }: Preprocessing,
  { signal, onBrokenPicture = 'stop' }: Pick<AnnotateOptions, 'signal' | 'onBrokenPicture'> = {},
): Promise<DecodedPictures> {
  const decoded: DecodedPictures = { pictures: [], skipped: [] }
  if (pictureSize === undefined) return decoded
  const preparation = preparationOf({ pictureSize, ...transform })
  for (const [i, source] of sources.entries()) {
    signal?.throwIfAborted()
    try {
      decoded.pictures.push((await loadPicture(source, preparation)).pixels)
    } catch (error) {
      if (onBrokenPicture === 'stop' || !(error instanceof PictureError)) throw error
      const picture = typeof source === 'string' ? source : `images[${i}]`
      decoded.skipped.push({ picture, reason: error.message })
    }
  }
  return decoded
}

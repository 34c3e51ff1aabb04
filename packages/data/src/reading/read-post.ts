import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { nearField } from '../formats/known-fields'
import { findTokens } from '../posts/entity-words'
import type { Post } from '../posts/post'
import { type SplitText, type SplitterName, splitWords } from '../posts/split-words'

/** A post as a program gives it. */
export interface PostInput {
  text: string
  /** Its words, in order and with nothing but white space between. @default its text is split */
  tokens?: readonly string[] | undefined
  /** A path, or the bytes of a picture file; left out for a post without a picture. */
  image?: string | Uint8Array | undefined
  /** Its pictures, where it has several; instead of `image`. */
  images?: readonly (string | Uint8Array)[] | undefined
}

/** What of a post is read; what else it has is the caller's own. */
const FIELDS = ['text', 'tokens', 'image', 'images']

/** A post after reading: its words and where they stand, and what its pictures are decoded from. */
export interface ReadPost {
  text: string
  offsets: [number, number][]
  example: Post
  /** None where pictures are not wanted. */
  sources: readonly (string | Uint8Array)[]
}

/** How a post is read. */
export interface ReadPostOptions {
  /** How its text becomes words, where these are not given. */
  splitter: SplitterName
  /** Whether its pictures are wanted. @default true */
  pictures?: boolean | undefined
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

/**
 * Reads a post that somebody gives to a program: its words, and where they stand.
 *
 * @throws InvalidArgumentError for a text that is no string, tokens that are not its words, a picture that is neither path nor
 * bytes, or a field near the name of one that is read
 */
export function readPost(post: PostInput, { splitter, pictures = true }: ReadPostOptions): ReadPost {
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
  return { text, offsets, example, sources: pictures ? sources : [] }
}

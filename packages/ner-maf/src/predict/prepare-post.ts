import { loadPicture } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Preprocessing } from '../checkpoint/checkpoint'
import { type Example, findTokens, type PictureBatch, type SplitText, splitWords } from '../data'
import type { PostInput } from './annotation'
import { preparationOf } from './picture-options'

/** A post after reading: its words, where they stand, and its decoded picture. */
export interface PreparedPost {
  text: string
  offsets: [number, number][]
  example: Example
  picture?: Float32Array
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

/**
 * Reads one post as the model was trained to read posts. A text-only model opens no picture.
 *
 * @throws InvalidArgumentError for a text that is no string, tokens that are not its words, or a picture that is neither
 * path nor bytes
 * @throws PictureError for a picture that cannot be decoded
 */
export async function preparePost(
  post: PostInput,
  { splitter, pictureSize, ...pictures }: Preprocessing,
): Promise<PreparedPost> {
  if (typeof post !== 'object' || post === null) return refuse('post', 'must be { text, image? }', post)
  const { text, tokens, image } = post
  if (typeof text !== 'string') return refuse('text', 'must be a string', text)
  if (image !== undefined && typeof image !== 'string' && !(image instanceof Uint8Array)) {
    return refuse('image', 'must be a path, a Buffer or a Uint8Array', image)
  }
  const { words, offsets } = tokens === undefined ? splitWords(text, splitter) : placeTokens(text, tokens)
  const example: Example = { id: '', words, source: { file: 'post', line: 1 } }
  if (image === undefined || pictureSize === undefined) return { text, offsets, example }
  const { pixels } = await loadPicture(image, preparationOf({ pictureSize, ...pictures }))
  return { text, offsets, example, picture: pixels }
}

/** The pictures of prepared posts as one batch. */
export function batchPictures(posts: readonly PreparedPost[], size: number): PictureBatch {
  const numbers = size * size * 3
  const pixels = new Float32Array(posts.length * numbers)
  for (const [row, { picture }] of posts.entries()) if (picture) pixels.set(picture, row * numbers)
  return { pixels, present: Float32Array.from(posts, ({ picture }) => (picture ? 1 : 0)) }
}

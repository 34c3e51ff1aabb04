import { loadPicture } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import { loadCheckpoint } from '../checkpoint/load-checkpoint'
import type { Example, PictureBatch } from '../data'
import { splitWords } from '../data'
import { type BackendName, useBackend } from '../engine/use-backend'
import { annotateInBatches } from './annotate-in-batches'
import { resizeFor } from './picture-loader'
import { tagPosts } from './tag-posts'

/** A post to be annotated. */
export interface PostInput {
  text: string
  /** A path, or the bytes of a picture file; left out for a post without a picture. */
  image?: string | Uint8Array
}

/** An entity in a text. */
export interface AnnotatedEntity {
  type: string
  text: string
  /** First UTF-16 unit. */
  start: number
  /** The UTF-16 unit after the last. */
  end: number
  /** Probability of exactly this span and type. */
  score: number
}

/** What the model says of one post. */
export interface Annotation {
  entities: AnnotatedEntity[]
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
  /** Words at the end that did not fit into the model's length and were not looked at. */
  cutWords: number
}

/** One post of many: its annotation, or what was wrong with it. */
export type AnnotationResult<Post extends PostInput = PostInput> =
  | { post: Post; annotation: Annotation }
  | { post: Post; error: Error }

/** A trained model, ready for posts. */
export interface MafAnnotator {
  /** @throws InvalidArgumentError or PictureError for a post that cannot be read. */
  annotate(post: PostInput): Promise<Annotation>
  /**
   * Annotates a stream in batches; the next posts are taken only when the results of the last are. A post that cannot be
   * read gives a result with its error and the stream goes on.
   *
   * @param batchSize @default 16
   */
  annotateMany<Post extends PostInput>(
    posts: AsyncIterable<Post> | Iterable<Post>,
    options?: { batchSize?: number },
  ): AsyncGenerator<AnnotationResult<Post>>
  /** Entity types the model knows. */
  readonly types: readonly string[]
  dispose(): void
}

/** A post after reading: its words, where they stand, and its decoded picture. */
export interface PreparedPost {
  text: string
  offsets: [number, number][]
  example: Example
  picture?: Float32Array
}

/**
 * Loads a checkpoint folder for prediction.
 *
 * @param backend the tfjs backend. @default 'auto'
 * @throws InvalidArgumentError for a folder that is not a whole MAF checkpoint.
 */
export async function loadMaf(
  folder: string,
  { backend = 'auto' as BackendName } = {},
): Promise<MafAnnotator> {
  await useBackend(backend)
  const { model, tokenizer, config } = await loadCheckpoint(folder)
  const { splitter, pictureSize } = config.preprocessing

  const prepare = async ({ text, image }: PostInput): Promise<PreparedPost> => {
    if (typeof text !== 'string') {
      throw new InvalidArgumentError({
        argument: 'text',
        rule: 'must be a string',
        received: text === undefined ? 'undefined' : typeof text,
      })
    }
    const { words, offsets } = splitWords(text, splitter)
    const example: Example = { id: '', words, source: { file: 'post', line: 1 } }
    const picture =
      image !== undefined && pictureSize !== undefined
        ? (await loadPicture(image, { size: pictureSize, resize: resizeFor(pictureSize) })).pixels
        : undefined
    return { text, offsets, example, picture }
  }

  const loadPictures = (posts: readonly PreparedPost[]) =>
    pictureSize === undefined
      ? undefined
      : async (): Promise<PictureBatch> => {
          const size = pictureSize * pictureSize * 3
          const pixels = new Float32Array(posts.length * size)
          for (const [row, { picture }] of posts.entries()) if (picture) pixels.set(picture, row * size)
          return { pixels, present: Float32Array.from(posts, ({ picture }) => (picture ? 1 : 0)) }
        }

  const annotatePrepared = async (posts: readonly PreparedPost[]): Promise<Annotation[]> => {
    // A text without a word has nothing to tag, and a batch needs at least one word in each row.
    const worded = posts.filter(({ example }) => example.words.length > 0)
    const tagged =
      worded.length > 0
        ? await tagPosts(
            worded.map(({ example }) => example),
            { model, tokenizer, loadPictures: loadPictures(worded) },
          )
        : []
    return posts.map(post => {
      const result = tagged[worded.indexOf(post)]
      if (!result) return { entities: [], match: null, cutWords: 0 }
      const entities = result.entities.map(({ type, start, end, score }) => {
        const from = post.offsets[start]![0]
        const to = post.offsets[end - 1]![1]
        return { type, text: post.text.slice(from, to), start: from, end: to, score }
      })
      return { entities, match: result.match, cutWords: result.cutWords }
    })
  }

  return {
    types: config.model.types,
    annotate: async post => (await annotatePrepared([await prepare(post)]))[0]!,
    annotateMany: (posts, options) => annotateInBatches(posts, { prepare, annotatePrepared, ...options }),
    dispose: () => model.dispose(),
  }
}

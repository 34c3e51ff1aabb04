import {
  type DecodedPictures,
  type Pictured,
  type Post,
  type PostInput,
  type ReadPost,
  readPost,
} from '@mafjs/data'
import type { Preprocessing } from '../checkpoint/checkpoint'
import type { BatchPictures, PictureReader } from '../model/batch-arrays'
import { refuseSeveral } from '../model/single-picture'
import type { TaggedPost } from '../task/decode-posts'
import type { TagOptions } from '../task/tag'
import type { AnnotateOptions, Annotation } from './annotation'
import { entitiesOf } from './entities-of'

/** What annotates posts. */
export interface AnnotatorParts {
  preprocessing: Preprocessing
  /** Whether a post may have one picture at most. */
  single: boolean
  tag(
    posts: readonly Post[],
    options: Pick<TagOptions, 'pictures' | 'batchSize' | 'signal' | 'explain'> &
      Partial<Pick<TagOptions, 'program'>>,
  ): Promise<TaggedPost[]>
  decode(post: ReadPost, options: AnnotateOptions): Promise<DecodedPictures>
  /** Decoded pictures as the model takes them. */
  picturesOf(rows: readonly Float32Array[][], signal?: AbortSignal): Promise<BatchPictures>
}

/** How many of the posts are computed together. */
type Options = AnnotateOptions & Pick<TagOptions, 'batchSize'>

const NO_PICTURES: DecodedPictures = { pictures: [], skipped: [] }

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/**
 * Makes what annotates posts, in their order; what is wrong with a post stands in the place of its annotation. Pictures are decoded for
 * the batch that they are in and for the next.
 */
export const annotator =
  ({ preprocessing, single, tag, decode, picturesOf }: AnnotatorParts) =>
  async (
    posts: readonly PostInput[],
    { minScore = 0, batchSize, ...options }: Options,
  ): Promise<(Annotation | Error)[]> => {
    const { signal } = options
    const { splitter, pictureSize } = preprocessing
    const readsPictures = pictureSize !== undefined
    const outcomes = new Map<ReadPost, Omit<DecodedPictures, 'pictures'> | Error>()
    const decoded = async (post: ReadPost): Promise<Float32Array[]> => {
      try {
        const { pictures, skipped } = post.sources.length > 0 ? await decode(post, options) : NO_PICTURES
        outcomes.set(post, { skipped })
        return pictures.map(({ pixels }) => pixels)
      } catch (error) {
        outcomes.set(post, asError(error))
        return []
      }
    }
    const read = posts.map(post => {
      try {
        const own = readPost(post, { splitter, pictures: readsPictures })
        if (single && own.sources.length > 1) refuseSeveral(`${own.sources.length} pictures`)
        return { post: own }
      } catch (error) {
        return { error: asError(error) }
      }
    })
    const good = read.flatMap(({ post }) => post ?? [])
    // A text without a word has nothing to tag, and a batch needs at least one word in each row.
    const worded = good.filter(({ example }) => example.words.length > 0)
    const owners = new Map<Pictured, ReadPost>(worded.map(post => [post.example, post]))
    const decoding = new Map<Pictured, Promise<Float32Array[]>>()
    // A long post is in several windows, which are in several batches.
    const left = new Map<Pictured, number>()
    const expect = (examples: readonly Pictured[]): void => {
      for (const one of examples) left.set(one, (left.get(one) ?? 0) + 1)
    }
    const ahead = async (examples: readonly Pictured[]): Promise<void> => {
      for (const one of examples) if (!decoding.has(one)) decoding.set(one, decoded(owners.get(one)!))
    }
    const load: PictureReader['load'] = async examples => {
      await ahead(examples)
      const rows = await Promise.all(examples.map(one => decoding.get(one)!))
      for (const one of examples) {
        left.set(one, left.get(one)! - 1)
        if (left.get(one) === 0) decoding.delete(one)
      }
      return picturesOf(rows, signal)
    }
    const pictures = readsPictures ? { load, ahead, expect } : undefined
    const tagged = await tag(
      worded.map(({ example }) => example),
      { pictures, batchSize, signal },
    )
    const results = new Map(worded.map((post, i) => [post, tagged[i]!]))
    // A broken picture is told of a post without a word too.
    await Promise.all(good.map(post => outcomes.has(post) || decoded(post)))
    signal?.throwIfAborted()
    return read.map(({ post, error }) => {
      if (!post) return error
      const outcome = outcomes.get(post)!
      return outcome instanceof Error ? outcome : annotationOf(post, results.get(post), outcome, minScore)
    })
  }

function annotationOf(
  post: ReadPost,
  result: TaggedPost | undefined,
  { skipped }: Omit<DecodedPictures, 'pictures'>,
  minScore: number,
): Annotation {
  const others = skipped.length > 0 && { skippedPictures: skipped }
  if (!result) return { entities: [], match: null, cutWords: 0, ...others }
  const entities = entitiesOf(post, result, minScore)
  return { entities, match: result.match, cutWords: result.cutWords, ...others }
}

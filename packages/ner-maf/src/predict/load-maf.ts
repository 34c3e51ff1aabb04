import { InvalidArgumentError } from '@mafjs/tensor'
import { loadCheckpoint } from '../checkpoint/load-checkpoint'
import { type BackendName, useBackend } from '../engine/use-backend'
import { annotateInBatches } from './annotate-in-batches'
import type { Annotation, AnnotationResult, PostInput } from './annotation'
import { batchPictures, type PreparedPost, preparePost } from './prepare-post'
import { tagPosts } from './tag-posts'

/** A trained model, ready for posts. */
export interface MafAnnotator {
  /** @throws InvalidArgumentError or PictureError for a post that cannot be read, or a model that was disposed. */
  annotate(post: PostInput): Promise<Annotation>
  /**
   * Annotates a stream in batches; the next posts are taken only when the results of the last are. A post that cannot be
   * read gives a result with its error and the stream goes on.
   *
   * @param batchSize @default 16
   * @throws InvalidArgumentError for a batch size that is no positive whole number.
   */
  annotateMany<Post extends PostInput>(
    posts: AsyncIterable<Post> | Iterable<Post>,
    options?: { batchSize?: number },
  ): AsyncGenerator<AnnotationResult<Post>>
  /** Entity types the model knows. */
  readonly types: readonly string[]
  /** Whether the model reads pictures; a text-only model leaves those of the posts alone. */
  readonly readsPictures: boolean
  /** Tensors of the checkpoint that the model has no place for; they change nothing. */
  readonly extraTensors: readonly string[]
  dispose(): void
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
  const { model, tokenizer, config, extra } = await loadCheckpoint(folder)
  const { pictureSize } = config.preprocessing
  let isDisposed = false

  const prepare = (post: PostInput): Promise<PreparedPost> => preparePost(post, config.preprocessing)

  const annotatePrepared = async (posts: readonly PreparedPost[]): Promise<Annotation[]> => {
    if (isDisposed) {
      throw new InvalidArgumentError({
        argument: 'model',
        rule: 'must not be used after dispose()',
        received: folder,
        fix: 'Load it again with loadMaf, or dispose it later.',
      })
    }
    // A text without a word has nothing to tag, and a batch needs at least one word in each row.
    const worded = posts.filter(({ example }) => example.words.length > 0)
    const examples = worded.map(({ example }) => example)
    const loadPictures =
      pictureSize === undefined ? undefined : async () => batchPictures(worded, pictureSize)
    const tagged = examples.length > 0 ? await tagPosts(examples, { model, tokenizer, loadPictures }) : []
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
    readsPictures: pictureSize !== undefined,
    extraTensors: extra,
    annotate: async post => (await annotatePrepared([await prepare(post)]))[0]!,
    annotateMany: (posts, options) => annotateInBatches(posts, { prepare, annotatePrepared, ...options }),
    dispose: () => {
      isDisposed = true
      model.dispose()
    },
  }
}

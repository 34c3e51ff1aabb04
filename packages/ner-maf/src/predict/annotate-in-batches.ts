import { assertSizes, InvalidArgumentError } from '@mafjs/tensor'
import type { Lifetime } from '@mafjs/tensor/lifetime'
import { type AbortOptions, inBatches, mapAhead, streamUntil, untilAborted } from '@mafjs/train'
import type { Annotation, AnnotationResult, PostInput } from './annotation'

/** Batches whose posts are sorted by length together: little of a batch is padding then. */
const BATCHES = 8

/** Windows that are worked on at a time: one is read and decoded while the other is computed. */
const WINDOWS = 2

/** How many posts of a stream are taken at a time. */
export interface StreamOptions {
  /** Posts that are computed together. @default 16 */
  batchSize?: number | undefined
  /**
   * Posts that are read before the first is answered, and sorted by length into batches; as many again are read meanwhile.
   * @default 8 batches; one post where a batch is one
   */
  window?: number | undefined
}

/** How a stream is annotated. */
export interface AnnotateInBatchesOptions extends StreamOptions, AbortOptions {
  /** The model's: a window is a call within it. */
  life: Lifetime
  /** Annotates posts in batches: each has its annotation, or what was wrong with it. */
  annotate(
    posts: readonly PostInput[],
    options: { batchSize: number } & AbortOptions,
  ): Promise<(Annotation | Error)[]>
}

/**
 * Annotates a stream, in order. Two windows of posts at most are read ahead of the one that the consumer is taking results from.
 * Windows that are computed when the model is disposed are given; then the stream is refused, and closed.
 */
export async function* annotateInBatches<Post extends PostInput>(
  posts: AsyncIterable<Post> | Iterable<Post>,
  {
    life,
    batchSize = 16,
    window = batchSize === 1 ? 1 : BATCHES * batchSize,
    signal,
    annotate,
  }: AnnotateInBatchesOptions,
): AsyncGenerator<AnnotationResult<Post>> {
  assertSizes({ batchSize, window })
  if (window < batchSize) {
    const rule = `must have room for a batch, ${batchSize} posts`
    throw new InvalidArgumentError({ argument: 'window', rule, received: window })
  }
  const left = new AbortController()
  const windows = inBatches(streamUntil(posts, [signal, life.over, left.signal]), window)
  const annotateWindow = (posts: Post[]): Promise<AnnotationResult<Post>[]> =>
    untilAborted([signal], () =>
      life.run(async () => {
        const either = AbortSignal.any([left.signal, ...(signal ? [signal] : [])])
        const said = await annotate(posts, { batchSize, signal: either })
        return said.map((one, i) => ({
          post: posts[i]!,
          ...(one instanceof Error ? { error: one } : { annotation: one }),
        }))
      }),
    )
  for await (const results of mapAhead(
    windows,
    { atOnce: WINDOWS, stop: () => left.abort() },
    annotateWindow,
  )) {
    for (const result of results) {
      yield result
      signal?.throwIfAborted()
    }
  }
}

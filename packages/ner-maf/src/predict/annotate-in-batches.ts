import { assertSizes } from '@mafjs/tensor'
import type { Lifetime } from '@mafjs/tensor/lifetime'
import { type AbortOptions, inBatches, streamUntil, untilAborted } from '@mafjs/train'
import type { Annotation, AnnotationResult, PostInput } from './annotation'
import type { PreparedPost } from './prepare-post'

interface Steps extends AbortOptions {
  prepare(post: PostInput): Promise<PreparedPost>
  annotatePrepared(posts: readonly PreparedPost[]): Promise<Annotation[]>
}

/** How a stream is annotated. */
export interface AnnotateInBatchesOptions extends Steps {
  /** The model's: a batch is a call within it. */
  life: Lifetime
  /** @default 16 */
  batchSize?: number | undefined
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/**
 * Annotates a stream a batch at a time, in order. Being a generator it pulls: nothing is read ahead of the batch that
 * the consumer is taking results from. A batch that is computed when the model is disposed is given; then the stream is
 * refused, and closed.
 */
export async function* annotateInBatches<Post extends PostInput>(
  posts: AsyncIterable<Post> | Iterable<Post>,
  { life, batchSize = 16, signal, ...steps }: AnnotateInBatchesOptions,
): AsyncGenerator<AnnotationResult<Post>> {
  assertSizes({ batchSize })
  for await (const batch of inBatches(streamUntil(posts, [signal, life.over]), batchSize)) {
    const annotate = () => life.run(() => annotateBatch(batch, { ...steps, signal }))
    for (const result of await untilAborted([signal], annotate)) {
      yield result
      signal?.throwIfAborted()
    }
  }
}

async function annotateBatch<Post extends PostInput>(
  posts: readonly Post[],
  { prepare, annotatePrepared, signal }: Steps,
): Promise<AnnotationResult<Post>[]> {
  const prepared = await Promise.allSettled(posts.map(post => prepare(post)))
  signal?.throwIfAborted()
  const good = prepared.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const annotations = await annotatePrepared(good)
  let next = 0
  return prepared.map((result, i) => {
    const post = posts[i]!
    if (result.status === 'rejected') return { post, error: asError(result.reason) }
    return { post, annotation: annotations[next++]! }
  })
}

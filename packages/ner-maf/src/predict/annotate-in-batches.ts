import { assertSizes } from '@mafjs/tensor'
import type { Lifetime } from '@mafjs/tensor/lifetime'
import type { Annotation, AnnotationResult, PostInput } from './annotation'
import type { PreparedPost } from './prepare-post'
import { streamUntil } from './stream-until'
import { type AbortOptions, untilAborted } from './until-aborted'

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

/** Groups a stream; when it fails, what came before is given first, so that no post goes without a result. */
async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  try {
    for await (const item of items) {
      batch.push(item)
      if (batch.length < size) continue
      const full = batch
      batch = []
      yield full
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
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

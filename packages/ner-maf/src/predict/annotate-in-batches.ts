import type { Annotation, AnnotationResult, PostInput, PreparedPost } from './load-maf'

interface Steps {
  prepare(post: PostInput): Promise<PreparedPost>
  annotatePrepared(posts: readonly PreparedPost[]): Promise<Annotation[]>
  /** @default 16 */
  batchSize?: number
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/**
 * Annotates a stream a batch at a time, in order. Being a generator it pulls: nothing is read ahead of the batch that
 * the consumer is taking results from.
 */
export async function* annotateInBatches<Post extends PostInput>(
  posts: AsyncIterable<Post> | Iterable<Post>,
  { prepare, annotatePrepared, batchSize = 16 }: Steps,
): AsyncGenerator<AnnotationResult<Post>> {
  let batch: Post[] = []
  for await (const post of posts) {
    batch.push(post)
    if (batch.length < batchSize) continue
    yield* await annotateBatch(batch, { prepare, annotatePrepared })
    batch = []
  }
  if (batch.length > 0) yield* await annotateBatch(batch, { prepare, annotatePrepared })
}

async function annotateBatch<Post extends PostInput>(
  posts: readonly Post[],
  { prepare, annotatePrepared }: Steps,
): Promise<AnnotationResult<Post>[]> {
  const prepared = await Promise.allSettled(posts.map(prepare))
  const good = prepared.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const annotations = await annotatePrepared(good)
  let next = 0
  return prepared.map((result, i) => {
    const post = posts[i]!
    if (result.status === 'rejected') return { post, error: asError(result.reason) }
    return { post, annotation: annotations[next++]! }
  })
}

import { batchOrder, type Example } from '@mafjs/data'
import * as tf from '@tensorflow/tfjs-core'
import { type TaggedPost, type TaggerOptions, tagPosts } from './tag-posts'

/** How any number of posts is tagged. */
export type TagInBatchesOptions = TaggerOptions & {
  /** @default 16 */
  batchSize?: number
  /** Told of the posts of the next batch while one is computed. @default nobody is */
  readAhead?: (examples: readonly Example[]) => Promise<void>
}

/** Tags any number of posts, a batch at a time; the order of the results is that of the posts. */
export async function tagInBatches(
  examples: readonly Example[],
  { batchSize = 16, readAhead, ...tagger }: TagInBatchesOptions,
): Promise<TaggedPost[]> {
  const tagged: TaggedPost[] = []
  const batches = batchOrder(examples.length, { batchSize }).map(indices =>
    indices.map(index => examples[index]!),
  )
  for (const [i, posts] of batches.entries()) {
    await readAhead?.(batches[i + 1] ?? [])
    tagged.push(...(await tagPosts(posts, tagger)))
    // The backend computes without ever going back to the event loop: signals and timers would wait for the last batch.
    await tf.nextFrame()
  }
  return tagged
}

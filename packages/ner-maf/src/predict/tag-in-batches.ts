import * as tf from '@tensorflow/tfjs-core'
import { batchOrder, type Example } from '../data'
import { type TaggedPost, type TaggerOptions, tagPosts } from './tag-posts'

/** Tags any number of posts, a batch at a time; the order of the results is that of the posts. */
export async function tagInBatches(
  examples: readonly Example[],
  { batchSize = 16, ...tagger }: TaggerOptions & { batchSize?: number },
): Promise<TaggedPost[]> {
  const tagged: TaggedPost[] = []
  for (const indices of batchOrder(examples.length, { batchSize })) {
    const posts = indices.map(index => examples[index]!)
    tagged.push(...(await tagPosts(posts, tagger)))
    // The backend computes without ever going back to the event loop: signals and timers would wait for the last batch.
    await tf.nextFrame()
  }
  return tagged
}

import type { Example } from '../data'
import { batchOrder } from '../data'
import { type TaggedPost, type TaggerOptions, tagPosts } from './tag-posts'

/** Tags any number of posts, a batch at a time; the order of the results is that of the posts. */
export async function tagInBatches(
  examples: readonly Example[],
  {
    batchSize = 16,
    onPosts,
    ...tagger
  }: TaggerOptions & { batchSize?: number; onPosts?: (done: number) => void },
): Promise<TaggedPost[]> {
  const tagged: TaggedPost[] = []
  for (const indices of batchOrder(examples.length, { batchSize })) {
    tagged.push(
      ...(await tagPosts(
        indices.map(index => examples[index]!),
        tagger,
      )),
    )
    onPosts?.(tagged.length)
  }
  return tagged
}

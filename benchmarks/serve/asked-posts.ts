import { picturePosts } from '../explain/options'

/** A post of a benchmark, as it is sent from one process to another. */
export interface AskedPost {
  text: string
  image?: Uint8Array | undefined
}

/** Posts of the demo's test split, with their pictures or without. */
export async function askedPosts(count: number, { pictured }: { pictured: boolean }): Promise<AskedPost[]> {
  const posts = await picturePosts(count)
  if (posts.length < count) throw new Error(`There are ${posts.length} posts, not ${count}.`)
  return posts.map(({ post: { text }, image }) => ({ text, ...(pictured && { image }) }))
}

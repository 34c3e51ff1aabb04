import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createDemoCorpus, type DemoPost, encodePng } from '@mafjs/demo-corpus'

/** Pictures that are drawn for each class: posts take them in turn, for drawing one takes longer than annotating it. */
const PICTURES_EACH = 60

/** Side of the demo's pictures, pixels. */
const SIZE = 56

/** Which posts are written. */
export interface WritePostsOptions {
  posts: number
  /** Whether those that have a picture name it. */
  pictured: boolean
  /** Places of posts that end the process which computes them, see `poison-main.ts`. @default none */
  poison?: ReadonlySet<number> | undefined
}

/** The files that were written. */
export interface WrittenPosts {
  file: string
  images: string
}

/** Writes posts of the demo's generator, which no model was trained on, as JSONL, with pictures of their own class. */
export async function writePosts(
  folder: string,
  { posts: count, pictured, poison = new Set() }: WritePostsOptions,
): Promise<WrittenPosts> {
  const images = join(folder, 'images')
  await mkdir(images, { recursive: true })
  const { test: posts, pictures } = createDemoCorpus({ seed: 20, train: 0, valid: 0, test: count })
  const seen: Record<string, number> = {}
  const imageOf = async (post: DemoPost): Promise<string | undefined> => {
    const { pictureClass } = post
    if (!pictured || pictureClass === undefined) return undefined
    const turn = seen[pictureClass] ?? 0
    seen[pictureClass] = turn + 1
    const name = `${pictureClass}-${turn % PICTURES_EACH}.png`
    if (turn < PICTURES_EACH)
      await writeFile(join(images, name), await encodePng((await pictures(post, SIZE))!, SIZE))
    return name
  }
  const lines: string[] = []
  for (const [place, post] of posts.entries()) {
    const text = poison.has(place) ? `POISON ${post.text}` : post.text
    lines.push(`${JSON.stringify({ id: post.id, text, image: await imageOf(post) })}\n`)
  }
  const file = join(folder, 'posts.jsonl')
  await writeFile(file, lines.join(''))
  return { file, images }
}

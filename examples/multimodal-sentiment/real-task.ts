import { join } from 'node:path'
import { encodePictures, type PictureEncoderOptions } from './encode-pictures'
import { encodeTexts } from './encode-texts'
import { frozenTask } from './frozen-task'
import { duplicateGroups } from './near-duplicates'
import { type PictureHash, pictureHash } from './picture-hash'
import { readPosts } from './read-posts'
import type { EncodedPosts, Task } from './task'

/** Where labelled posts are, and what encodes them. */
export interface RealTaskOptions extends PictureEncoderOptions {
  /** A folder as MVSA has it. */
  data: string
  /** A text encoder in Hugging Face's layout. */
  textEncoder: string
  onNote: (note: string) => void
}

/** Reads the posts of a folder, finds near-duplicates, and encodes everything once; broken pictures are left out. */
export async function realTask({
  data,
  textEncoder,
  onNote,
  ...encoder
}: RealTaskOptions): Promise<Task<EncodedPosts>> {
  const read = await readPosts(data)
  const posts: { text: string; picture: string; label: string; hash: PictureHash }[] = []
  for (const post of read) {
    const hash = await pictureHash(join(data, post.picture))
    if (hash) posts.push({ ...post, hash })
  }
  const groups = duplicateGroups(posts)
  const classes = [...new Set(posts.map(({ label }) => label))].sort()
  const counts = classes.map(label => `${posts.filter(post => post.label === label).length} ${label}`)
  onNote(
    `${posts.length} posts: ${counts.join(', ')}; ${read.length - posts.length} with a broken picture left out`,
  )
  onNote(`${new Set(groups).size} of them when near-duplicates count once`)
  return frozenTask({
    texts: await encodeTexts(
      textEncoder,
      posts.map(({ text }) => text),
    ),
    pictures: await encodePictures(
      data,
      posts.map(({ picture }) => picture),
      encoder,
    ),
    classes,
    labels: posts.map(({ label }) => classes.indexOf(label)),
    groups,
  })
}

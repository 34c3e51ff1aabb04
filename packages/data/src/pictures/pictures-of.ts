import type { Post } from '../posts/post'

/** The pictures of a post, relative to the images folder. */
export const picturesOf = ({ image, images }: Pick<Post, 'image' | 'images'>): readonly string[] =>
  images ?? (image === undefined ? [] : [image])

/** One name for all pictures of a post, which no other pictures have; for one picture its own. */
export function pictureIdOf(example: Pick<Post, 'image' | 'images'>): string | undefined {
  const pictures = picturesOf(example)
  // No path has a NUL in it.
  return pictures.length === 0 ? undefined : pictures.join('\0')
}

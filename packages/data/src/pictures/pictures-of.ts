import type { Post } from '../posts/post'

/** The pictures of a post, relative to the images folder. */
export const picturesOf = ({ image, images }: Pick<Post, 'image' | 'images'>): readonly string[] =>
  images ?? (image === undefined ? [] : [image])

/** One name for all pictures of a post, which no other pictures have; the same bytes under another name are no others. */
export function pictureIdOf(post: Pick<Post, 'image' | 'images' | 'pictureId'>): string | undefined {
  const pictures = picturesOf(post)
  // No path has a NUL in it.
  return post.pictureId ?? (pictures.length === 0 ? undefined : pictures.join('\0'))
}

import type { DemoPost } from './demo-post'
import { renderPicture } from './pictures/render-picture'

/** What a post says about its picture. */
export type PostPicture = Pick<DemoPost, 'pictureClass' | 'pictureSeed'>

/**
 * Renders a post's picture.
 *
 * @param size width and height in pixels
 * @returns RGB bytes, `[size, size, 3]` in rows; undefined for a post without a picture.
 */
export async function renderPostPicture(post: PostPicture, size?: number): Promise<Uint8Array | undefined> {
  const { pictureClass, pictureSeed } = post
  if (pictureClass === undefined || pictureSeed === undefined) return undefined
  return renderPicture({ pictureClass, seed: pictureSeed, size })
}

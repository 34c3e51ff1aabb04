import { loadPicture } from '@mafjs/encoders'
import { type BrokenPicture, createPictureStore, type PictureStore } from '../data'

/** The short side before the centre crop: 256 for 224 (torchvision's), and in that proportion for other sizes. */
export const resizeFor = (size: number): number => Math.round((size * 256) / 224)

/** A store of the pictures in a folder, as the image encoder reads them. */
export function pictureLoader({
  images,
  size,
  resize = resizeFor(size),
  strict = false,
  broken,
}: {
  images: string
  size: number
  /** Short side before the centre crop. @default size * 256 / 224 */
  resize?: number
  strict?: boolean
  /** Pictures that are known to be broken. @default none */
  broken?: readonly BrokenPicture[]
}): PictureStore {
  return createPictureStore({
    images,
    size,
    strict,
    broken,
    load: path => loadPicture(path, { size, resize }),
  })
}

import { loadPicture, type PicturePreparation } from '@mafjs/encoders'
import { type BrokenPicture, createPictureStore, type PictureStore } from '../data'
import { resizeFor } from './picture-options'

/** A store of the pictures in a folder, as the image encoder reads them. */
export function pictureLoader({
  images,
  size,
  resize = resizeFor(size),
  strict = false,
  broken,
  ...transform
}: {
  images: string
  size: number
  /** Short side before the centre crop. @default size * 256 / 224 */
  resize?: number
  strict?: boolean
  /** Pictures that are known to be broken. @default none */
  broken?: readonly BrokenPicture[]
} & Partial<PicturePreparation>): PictureStore {
  return createPictureStore({
    images,
    size,
    strict,
    broken,
    load: path => loadPicture(path, { size, resize, ...transform }),
  })
}

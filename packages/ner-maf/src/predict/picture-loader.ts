import { type BrokenPicture, createPictureStore, type PictureStore, picturesAtOnce } from '@mafjs/data'
import { loadPicture, type PicturePreparation, resizeFor } from '@mafjs/encoders'

/** A store of the pictures in a folder, as the image encoder reads them. */
export function pictureLoader({
  images,
  size,
  resize = resizeFor(size),
  strict = false,
  broken,
  threads,
  ...transform
}: {
  images: string
  size: number
  /** Short side before the centre crop. @default size * 256 / 224 */
  resize?: number
  strict?: boolean
  /** Pictures that are known to be broken. @default none */
  broken?: readonly BrokenPicture[]
  /** That compute, which bounds how many pictures are decoded at once. */
  threads?: number
} & Partial<PicturePreparation>): PictureStore {
  return createPictureStore({
    images,
    size,
    strict,
    broken,
    inFlight: picturesAtOnce(threads),
    load: path => loadPicture(path, { size, resize, ...transform }),
  })
}

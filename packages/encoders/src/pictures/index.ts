export {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type LoadPictureOptions,
  loadPicture,
  PIXEL_LIMIT,
  type Picture,
  type PicturePreparation,
} from './load-picture'
export { PictureError, type PictureFault } from './picture-error'
export type { Resample } from './resample'

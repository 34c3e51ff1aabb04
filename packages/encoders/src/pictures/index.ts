export { checkPicture, PIXEL_LIMIT, SIDE_LIMIT } from './decode'
export {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type LoadPictureOptions,
  loadPicture,
  type Picture,
  type PicturePreparation,
  type SeenPicture,
} from './load-picture'
export { PictureError, type PictureFault } from './picture-error'
export type { PictureFormat } from './picture-format'
export { type PictureHeader, pictureHeader } from './picture-header'
export type { Resample } from './resample'

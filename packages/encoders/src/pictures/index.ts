export { checkPicture } from './decode'
export { PIXEL_LIMIT, SIDE_LIMIT } from './limits'
export { loadPicture } from './load-picture'
export { PictureError, type PictureFault } from './picture-error'
export type { PictureFormat } from './picture-format'
export { type PictureHeader, pictureHeader } from './picture-header'
export {
  completePreparation,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type LoadPictureOptions,
  type Picture,
  type PicturePreparation,
  preparePicture,
  type SeenPicture,
} from './prepare-picture'
export type { Resample } from './resample'
export type { DecodedPicture } from './upright-raster'

export {
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type LoadPictureOptions,
  loadPicture,
  PIXEL_LIMIT,
  type Picture,
} from './load-picture'
export { PictureError, type PictureFault } from './picture-error'

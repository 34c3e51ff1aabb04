import { IMAGENET_DEVIATION, IMAGENET_MEAN, type PicturePreparation } from './load-picture'

/** How a resized picture becomes numbers. */
export type PictureTransform = Omit<PicturePreparation, 'size' | 'resize'>

/** How pictures are prepared as a model's configuration says it: the usual is left out. */
export interface SavedPreparation {
  /** Side of the square picture the image encoder reads, pixels; absent for a text-only model. */
  pictureSize?: number
  /** Short side before the centre crop, pixels. @default pictureSize * 256 / 224 */
  pictureResize?: number
  /** The rest of what decides a picture's numbers. @default torchvision's, with ImageNet's mean and deviation */
  pictureTransform?: PictureTransform
}

/** The short side before the centre crop: 256 for 224 (torchvision's), and in that proportion for other sizes. */
export const resizeFor = (size: number): number => Math.round((size * 256) / 224)

/** What torchvision's ResNets were trained with. */
const USUAL: PictureTransform = {
  fit: 'crop',
  resample: 'bilinear',
  halfPixel: 'even',
  mean: IMAGENET_MEAN,
  deviation: IMAGENET_DEVIATION,
}

/** How the pictures of a checkpoint are prepared. */
export function preparationOf({
  pictureSize,
  pictureResize,
  pictureTransform = USUAL,
}: SavedPreparation & { pictureSize: number }): PicturePreparation {
  return { size: pictureSize, resize: pictureResize ?? resizeFor(pictureSize), ...pictureTransform }
}

/** What a checkpoint says of how its pictures are prepared; the usual is left out. */
export function savedPreparation({ size, resize, ...transform }: PicturePreparation): SavedPreparation {
  const isUsual = JSON.stringify({ ...USUAL, ...transform }) === JSON.stringify(USUAL)
  return {
    pictureSize: size,
    ...(resize !== resizeFor(size) && { pictureResize: resize }),
    ...(!isUsual && { pictureTransform: transform }),
  }
}

import { IMAGENET_DEVIATION, IMAGENET_MEAN, type PicturePreparation } from '@mafjs/encoders'
import type { PictureTransform, Preprocessing } from '../checkpoint/checkpoint'

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

type Saved = Pick<Preprocessing, 'pictureSize' | 'pictureResize' | 'pictureTransform'>

/** How the pictures of a checkpoint are prepared. */
export function preparationOf({
  pictureSize,
  pictureResize,
  pictureTransform = USUAL,
}: Saved & { pictureSize: number }): PicturePreparation {
  return { size: pictureSize, resize: pictureResize ?? resizeFor(pictureSize), ...pictureTransform }
}

/** What a checkpoint says of how its pictures are prepared; the usual is left out. */
export function savedPreparation({ size, resize, ...transform }: PicturePreparation): Saved {
  const isUsual = JSON.stringify({ ...USUAL, ...transform }) === JSON.stringify(USUAL)
  return {
    pictureSize: size,
    ...(resize !== resizeFor(size) && { pictureResize: resize }),
    ...(!isUsual && { pictureTransform: transform }),
  }
}

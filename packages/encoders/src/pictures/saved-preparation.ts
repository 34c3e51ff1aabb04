import { hasFields, listOf } from '@mafjs/tensor/json'
import { IMAGENET_DEVIATION, IMAGENET_MEAN, type PicturePreparation } from './prepare-picture'

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

/** Side of the largest pictures that a model may read, pixels: one of them is 200 MB of numbers. */
export const MOST_SIDE = 4096

const isThree = (value: unknown): boolean =>
  listOf(Number.isFinite)(value) && (value as number[]).length === 3

const isTransform = hasFields({
  fit: value => value === 'crop' || value === 'stretch',
  resample: value => value === 'bilinear' || value === 'bicubic',
  halfPixel: value => value === 'even' || value === 'down',
  mean: isThree,
  deviation: value => isThree(value) && Math.min(...(value as number[])) > 0,
  shrinkOnLoad: value => value === undefined || value === true,
} satisfies Record<keyof PictureTransform, (value: unknown) => boolean>)

/** What is wrong in what a file says of how its pictures are prepared, in the words of an error. */
export function preparationProblem(
  saved: Readonly<Partial<Record<keyof SavedPreparation, unknown>>>,
): { rule: string; received: unknown } | undefined {
  const { pictureSize: size, pictureResize: resize, pictureTransform: transform } = saved
  if (!(Number.isInteger(size) && Number(size) > 0 && Number(size) <= MOST_SIDE)) {
    return { rule: `must have a whole number from 1 to ${MOST_SIDE} as "pictureSize"`, received: size }
  }
  if (resize !== undefined && !(Number.isInteger(resize) && Number(resize) >= Number(size))) {
    return { rule: `must have a whole number of at least ${size} as "pictureResize"`, received: resize }
  }
  if (transform === undefined || isTransform(transform)) return undefined
  const rule =
    'must have fit, resample, halfPixel, mean and deviation in its "pictureTransform", and shrinkOnLoad as true or not at all'
  return { rule, received: transform }
}

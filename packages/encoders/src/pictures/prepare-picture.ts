import { InvalidArgumentError } from '@mafjs/tensor'
import { cropAxes } from './crop-axis'
import { PIXEL_LIMIT } from './limits'
import { type Resample, resampleCrop } from './resample'
import type { DecodedPicture } from './upright-raster'

/** Mean of red, green and blue over ImageNet, of values from 0 to 1, as torchvision's models expect it. */
export const IMAGENET_MEAN: readonly number[] = [0.485, 0.456, 0.406]

/** Standard deviation of red, green and blue over ImageNet. */
export const IMAGENET_DEVIATION: readonly number[] = [0.229, 0.224, 0.225]

/** A picture as a person sees it, and what of it an encoder does. */
export interface SeenPicture {
  /** Pixels of the upright picture. */
  width: number
  height: number
  /** What is left of it when it is resized and cropped, in parts of its width and height. */
  seen: { left: number; top: number; width: number; height: number }
}

/** A picture as an encoder takes it. */
export interface Picture {
  width: number
  height: number
  /** `[height, width, 3]`, red, green, blue: `(value / 255 - mean) / deviation`. */
  pixels: Float32Array
  /** The whole of it, as a person sees it. */
  upright: SeenPicture
}

/** How a picture is brought to an encoder's size and range. */
export interface LoadPictureOptions {
  /** Side of the square that is cut from the middle, in pixels. @default 224 */
  size?: number | undefined
  /** The short side before the cut, in pixels; smaller pictures are enlarged. @default 256 */
  resize?: number | undefined
  /** Whether the sides keep their proportion, or both become `resize`, as ViT's processor does it. @default 'crop' */
  fit?: 'crop' | 'stretch' | undefined
  /** The filter of resizing, with antialiasing. @default 'bilinear' */
  resample?: Resample | undefined
  /**
   * Where the cut begins when the middle lies on half a pixel: at the even pixel (torchvision) or at the lower one
   * (Hugging Face's processors).
   * @default 'even'
   */
  halfPixel?: 'even' | 'down' | undefined
  /** Of red, green and blue. @default IMAGENET_MEAN */
  mean?: readonly number[] | undefined
  /** Of red, green and blue. @default IMAGENET_DEVIATION */
  deviation?: readonly number[] | undefined
  /**
   * Whether a JPEG is decoded in a half, a quarter or an eighth of its size where its short side keeps `resize` pixels: faster, and
   * other numbers, since its finest detail is left out by the format's own cosines and not by the filter.
   * @default false
   */
  shrinkOnLoad?: boolean | undefined
  /** The most pixels a picture may have; a larger one is refused before it is decoded. @default PIXEL_LIMIT */
  pixelLimit?: number | undefined
}

/** Everything that decides which numbers a picture becomes; plain JSON. */
export interface PicturePreparation
  extends Required<Omit<LoadPictureOptions, 'pixelLimit' | 'shrinkOnLoad'>> {
  /** Absent where pictures are decoded whole, as they were before there was a choice. */
  shrinkOnLoad?: true
}

/**
 * Completes how a picture is prepared.
 *
 * @throws InvalidArgumentError for options that do not fit.
 */
export function completePreparation({
  size = 224,
  resize = 256,
  fit = 'crop',
  resample = 'bilinear',
  halfPixel = 'even',
  mean = IMAGENET_MEAN,
  deviation = IMAGENET_DEVIATION,
  shrinkOnLoad = false,
  pixelLimit = PIXEL_LIMIT,
}: LoadPictureOptions = {}): Required<LoadPictureOptions> {
  const check = (argument: string, received: unknown, rule: string, valid: boolean): void => {
    if (!valid) throw new InvalidArgumentError({ argument, rule, received })
  }
  const positive = (value: number): boolean => Number.isSafeInteger(value) && value > 0
  check('size', size, 'must be a positive integer', positive(size))
  check('resize', resize, `must be an integer of at least size = ${size}`, positive(resize) && resize >= size)
  check('fit', fit, "must be 'crop' or 'stretch'", fit === 'crop' || fit === 'stretch')
  const isFilter = resample === 'bilinear' || resample === 'bicubic'
  check('resample', resample, "must be 'bilinear' or 'bicubic'", isFilter)
  const isHalf = halfPixel === 'even' || halfPixel === 'down'
  check('halfPixel', halfPixel, "must be 'even' or 'down'", isHalf)
  check('mean', mean, 'must be three numbers', mean.length === 3 && mean.every(Number.isFinite))
  const scales = deviation.length === 3 && deviation.every(value => Number.isFinite(value) && value > 0)
  check('deviation', deviation, 'must be three positive numbers', scales)
  check('shrinkOnLoad', shrinkOnLoad, 'must be true or false', typeof shrinkOnLoad === 'boolean')
  check('pixelLimit', pixelLimit, 'must be a positive integer', positive(pixelLimit))
  return { size, resize, fit, resample, halfPixel, mean, deviation, shrinkOnLoad, pixelLimit }
}

/** A decoded picture as an encoder takes it: torchvision's `Resize`, `CenterCrop`, `ToTensor` and `Normalize`, nothing random. */
export function preparePicture(raster: DecodedPicture, options: Required<LoadPictureOptions>): Picture {
  const { size, resample, mean, deviation } = options
  const axes = cropAxes(raster.width, raster.height, options)
  const values = resampleCrop(raster, axes, size, resample)
  const { x, y } = axes
  const seen = { left: x.start / x.to, top: y.start / y.to, width: size / x.to, height: size / y.to }
  const pixels = normalise(values, mean, deviation)
  return { width: size, height: size, pixels, upright: { ...raster.whole, seen } }
}

/** Red, green and blue bytes as normalised numbers, through a table of the 3 x 256 that there are. */
function normalise(values: Uint8Array, mean: readonly number[], deviation: readonly number[]): Float32Array {
  const tables = mean.map((centre, channel) =>
    Float32Array.from({ length: 256 }, (_, value) => (value / 255 - centre) / deviation[channel]!),
  )
  const pixels = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) pixels[i] = tables[i % 3]![values[i]!]!
  return pixels
}

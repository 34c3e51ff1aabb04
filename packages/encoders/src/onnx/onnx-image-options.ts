import { InvalidArgumentError } from '@mafjs/tensor'
import type { PictureLayout } from './onnx-image-config'

/** How an `.onnx` file is used as an image encoder. */
export interface OnnxImageOptions {
  /** The output that gives the regions; needed. */
  regionsOutput?: string | undefined
  /** The output that gives the summary, as large as a region. @default the mean of the regions */
  summaryOutput?: string | undefined
  /** Where the input has its channels. @default told by the 3 in the input's declared shape */
  inputLayout?: PictureLayout | undefined
  /** Where a map of regions has its channels. @default told by the two equal sides of the map */
  regionsLayout?: PictureLayout | undefined
  /** Side of the square pictures, pixels. @default the input's declared one, or 224 where it takes any */
  pictureSize?: number | undefined
  /** Mean of red, green and blue, of values from 0 to 1. @default ImageNet's */
  pictureMean?: readonly number[] | undefined
  /** Standard deviation of red, green and blue. @default ImageNet's */
  pictureDeviation?: readonly number[] | undefined
  /** A Hugging Face `preprocessor_config.json` that says how pictures are prepared. @default the three options above */
  preprocessor?: string | undefined
}

const NAMES = [
  'regionsOutput',
  'summaryOutput',
  'inputLayout',
  'regionsLayout',
  'pictureSize',
  'pictureMean',
  'pictureDeviation',
  'preprocessor',
] as const satisfies readonly (keyof OnnxImageOptions)[]

/** Those of some options that are for an ONNX image encoder. */
export const onnxImageOptionsOf = (options: OnnxImageOptions): OnnxImageOptions =>
  Object.fromEntries(NAMES.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]]])))

/**
 * Refuses options that would go unheard.
 *
 * @param imageEncoder what is used instead of an ONNX model
 * @throws InvalidArgumentError naming the first of them.
 */
export function refuseOnnxImageOptions(options: OnnxImageOptions, imageEncoder: string): void {
  const name = NAMES.find(name => options[name] !== undefined)
  if (name === undefined) return
  throw new InvalidArgumentError({
    argument: name,
    rule: 'belongs to an image encoder that is an .onnx file',
    received: imageEncoder,
    fix: `Leave ${name} out: other encoders say themselves what they read.`,
  })
}

import { InvalidArgumentError } from '@mafjs/tensor'
import type { PictureLayout } from './onnx-image-config'

/** How an `.onnx` file is used as an image encoder. */
export interface OnnxImageOptions {
  /** The output that gives the regions; needed. */
  regionsOutput?: string
  /** The output that gives the summary, as large as a region. @default the mean of the regions */
  summaryOutput?: string
  /** Where the input has its channels. @default told by the 3 in the input's declared shape */
  inputLayout?: PictureLayout
  /** Where a map of regions has its channels. @default told by the two equal sides of the map */
  regionsLayout?: PictureLayout
  /** Side of the square pictures, pixels. @default the input's declared one, or 224 where it takes any */
  pictureSize?: number
  /** Mean of red, green and blue, of values from 0 to 1. @default ImageNet's */
  pictureMean?: readonly number[]
  /** Standard deviation of red, green and blue. @default ImageNet's */
  pictureDeviation?: readonly number[]
  /** A Hugging Face `preprocessor_config.json` that says how pictures are prepared. @default the three options above */
  preprocessor?: string
}

/** The names of the options, as they are called on the command line. */
const NAMES: Record<keyof OnnxImageOptions, string> = {
  regionsOutput: '--regions-output',
  summaryOutput: '--summary-output',
  inputLayout: '--input-layout',
  regionsLayout: '--regions-layout',
  pictureSize: '--picture-size',
  pictureMean: '--picture-mean',
  pictureDeviation: '--picture-deviation',
  preprocessor: '--preprocessor',
}

/** Those of some options that are for an ONNX image encoder. */
export function onnxImageOptionsOf(options: OnnxImageOptions): OnnxImageOptions {
  const names = Object.keys(NAMES) as (keyof OnnxImageOptions)[]
  const given = names.flatMap(name => (options[name] === undefined ? [] : [[name, options[name]] as const]))
  return Object.fromEntries(given)
}

/**
 * Refuses options that would go unheard.
 *
 * @param imageEncoder what is used instead of an ONNX model
 * @throws InvalidArgumentError naming the first of them.
 */
export function refuseOnnxImageOptions(options: OnnxImageOptions, imageEncoder: string): void {
  const [name] = Object.keys(onnxImageOptionsOf(options)) as (keyof OnnxImageOptions)[]
  if (name === undefined) return
  throw new InvalidArgumentError({
    argument: NAMES[name],
    rule: 'belongs to an image encoder that is an .onnx file',
    received: `--image-encoder ${imageEncoder}`,
    fix: `Leave ${NAMES[name]} out: other encoders say themselves what they read.`,
  })
}

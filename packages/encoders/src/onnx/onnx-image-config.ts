/** An ONNX image model as an encoder: what was learned of it when it was first opened; plain JSON. */
export interface OnnxImageConfig {
  kind: 'onnx'
  /** SHA-256 of the model's file, hexadecimal. */
  sha256: string
  /** Name of the input that takes the pictures. */
  input: string
  /** Where the channels of the pictures are: `[pictures, 3, height, width]`, or `[pictures, height, width, 3]`. */
  inputLayout: PictureLayout
  /** How many pictures it takes at once. */
  batch: number | 'any'
  /** Side of the square pictures it takes, pixels. */
  imageSize: number
  /** Name of the output that gives the regions. */
  regionsOutput: string
  /** The axes of the regions. */
  regionsLayout: RegionsLayout
  /** Name of the output that gives the summary. @default none: the mean of the regions */
  summaryOutput?: string
  /** Regions of a picture. */
  regions: number
  /** Size of a region and of the summary. */
  channels: number
}

/** Channels before or after height and width. */
export type PictureLayout = 'NCHW' | 'NHWC'

/** A map of either layout, or a sequence `[pictures, regions, channels]`. */
export type RegionsLayout = PictureLayout | 'NLC'

/** The layouts of a picture. */
export const PICTURE_LAYOUTS = ['NCHW', 'NHWC'] as const satisfies readonly PictureLayout[]

/** The name of the model's file in a checkpoint folder. */
export const ONNX_IMAGE_FILE = 'image-encoder.onnx'

import type { SplitterName } from '@mafjs/data'
import type { PicturePreparation } from '@mafjs/encoders'
import type { MafConfig } from '../model/config'

/** How a resized picture becomes numbers. */
export type PictureTransform = Omit<PicturePreparation, 'size' | 'resize'>

/** How text and pictures are prepared, saved so that prediction does what training did. */
export interface Preprocessing {
  /** How a text is split into words. */
  splitter: SplitterName
  /** Longest sequence of word pieces, special tokens included. */
  maxLength: number
  /** Word pieces that two windows of a longer text share at most; absent where longer texts are cut. */
  windowOverlap?: number
  /** Side of the square picture the image encoder reads, pixels; absent for a text-only model. */
  pictureSize?: number
  /** Short side before the centre crop, pixels. @default pictureSize * 256 / 224 */
  pictureResize?: number
  /** The rest of what decides a picture's numbers. @default torchvision's, with ImageNet's mean and deviation */
  pictureTransform?: PictureTransform
}

/** `config.json` of a MAF checkpoint folder. */
export interface CheckpointConfig {
  model_type: 'maf'
  format_version: 1
  /** Version of `@mafjs/ner-maf` that wrote it. */
  maf_version: string
  model: MafConfig
  preprocessing: Preprocessing
  /** The settings of the run that made it, as given. */
  training?: Record<string, unknown>
}

/** The version of the checkpoint folder's layout that this package reads and writes. */
export const FORMAT_VERSION = 1

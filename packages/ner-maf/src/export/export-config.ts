import type { EXACT_BYTES, ExportProfile, QuantizedGraph } from '@mafjs/compile'
import type { PicturePreparation } from '@mafjs/encoders'
import { ONNX_IMAGE_FILE } from '@mafjs/encoders/onnx'
import type { Preprocessing } from '../checkpoint/checkpoint'
import type { MafConfig } from '../model/config'
import type { Quantization } from './quantizations'

/** What decoding needs beside the emissions. */
export interface ExportedCrf {
  /** `[labels]` */
  start: number[]
  /** `[labels]` */
  end: number[]
  /** `[from][to]` */
  transitions: number[][]
  /** What paths may not do. */
  constraints: 'bio' | 'none'
}

/** A tensor that an exported model reads or gives. */
export interface ExportedTensor {
  name: string
  type: string
  /** A name instead of a length is a dimension of any length. */
  shape: (number | string)[]
}

/**
 * How pictures become numbers, also where a checkpoint takes it for granted: mean and deviation are of red, green and blue
 * from 0 to 1, `(value - mean) / deviation`.
 */
export type ExportedPictures = PicturePreparation

/** `config.json` of an exported model: everything that a program in any language needs around the graph. */
export interface ExportConfig {
  model_type: 'maf-onnx'
  format_version: 1
  /** Version of `@mafjs/ner-maf` that wrote it. */
  maf_version: string
  quantization: 'none' | Quantization
  /** What it was exported for; absent: nothing in particular. */
  profile?: ExportProfile
  /** Of an int8 model: how many weights are written in each type. Earlier versions wrote all 8 bits and did not say so. */
  weights?: QuantizedGraph['weights']
  /** What ONNX Runtime must be told on x64 processors without VNNI, where the model is else computed wrong; absent: nothing. */
  session_config?: typeof EXACT_BYTES
  /** The names of the labels by id. */
  labels: readonly string[]
  /** Entity types, in the order of their labels. */
  types: readonly string[]
  preprocessing: Preprocessing
  /** Absent for a text-only model. */
  pictures?: ExportedPictures
  crf: ExportedCrf
  inputs: ExportedTensor[]
  outputs: ExportedTensor[]
  /** The configuration of the model it was made of. */
  model: MafConfig
  /** Tells whether a checkpoint is the one this was made of. */
  source: string
  /** SHA-256 of the other files that a model is read from, by their names; earlier versions wrote none. */
  sha256?: Readonly<Record<string, string>>
}

/** The version of the exported folder's layout that this package reads and writes. */
export const EXPORT_FORMAT_VERSION = 1

/** Whether an exported model reads pictures, or what an image model beside it made of them. */
export const readsImages = (inputs: readonly { name: string }[]): boolean =>
  inputs.some(({ name }) => name === 'pixels' || name === 'regions')

/** The names of the files in an exported folder. */
export const EXPORT_FILES = {
  config: 'config.json',
  tokenizer: 'tokenizer.json',
  model: 'model.onnx',
  data: 'model.onnx.data',
  image: ONNX_IMAGE_FILE,
  report: 'report.json',
  card: 'README.md',
} as const

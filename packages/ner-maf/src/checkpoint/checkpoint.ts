import type { SplitterName } from '@mafjs/data'
import type { SavedPreparation } from '@mafjs/encoders'
import type { MafConfig } from '../model/config'

/** How text and pictures are prepared, saved so that prediction does what training did. */
export interface Preprocessing extends SavedPreparation {
  /** How a text is split into words. */
  splitter: SplitterName
  /** Longest sequence of word pieces, special tokens included. */
  maxLength: number
  /** Word pieces that two windows of a longer text share at most; absent where longer texts are cut. */
  windowOverlap?: number
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

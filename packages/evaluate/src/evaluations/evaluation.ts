import type { ErrorReport } from '../entities/error-classes'
import type { EvaluationReport } from '../entities/report'
import type { Prediction } from './predictions'
import type { SeenEntities } from './seen-entities'

/** What was scored, on what: enough to tell whether two reports may be compared. */
export interface EvaluationContext {
  /** Version of what scored it. */
  version: string
  /** The checkpoint folder, as it was given. */
  model: string
  /** The data folder or file, as it was given. */
  data: string
  split: string
  /** Of the words and labels: see `dataFingerprint`. */
  dataFingerprint: string
  sentences: number
  /** Gold entities under either rule. */
  entities: { strict: number; lenient: number }
  /** How many posts were read with a picture. */
  pictures: number
  /** Of the names of the picture files: see `pictureFingerprint`; null where none was read. */
  pictureFingerprint: string | null
  /** The encoders' configurations; image is null for a text-only model. */
  encoders: { text: object; image: object | null }
  /** Modules that the model is made of beside its encoders. */
  modules: string[]
  /** Seed of the model's training. */
  seed: number
}

/** `report.json`: the scores with everything they depend on. */
export interface Evaluation extends EvaluationReport {
  kind: 'evaluation'
  context: EvaluationContext
  /** By the strict rule. */
  errors: ErrorReport
  /** Null where no training split was at hand, or it was what was scored. */
  seen: SeenEntities | null
}

/** An evaluation with what it was counted from. */
export interface EvaluationFolder {
  evaluation: Evaluation
  /** One for each sentence, in order. */
  predictions: Prediction[]
}

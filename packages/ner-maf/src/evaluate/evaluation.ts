import { dataFingerprint, type Example, goldLabels, pictureFingerprint } from '@mafjs/data'
import { classifyErrors, type ErrorReport, type EvaluationReport, evaluateLabels } from '@mafjs/evaluate'
import type { CheckpointConfig } from '../checkpoint/checkpoint'
import { version } from '../version'
import { type SeenEntities, seenEntities } from './seen-entities'

/** What was scored, on what: enough to tell whether two reports may be compared. */
export interface EvaluationContext {
  /** Version of `@mafjs/ner-maf`. */
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

/** What an evaluation is made of. */
export interface EvaluationInputs {
  config: CheckpointConfig
  /** The checkpoint folder. */
  model: string
  /** The data folder or file. */
  data: string
  split: string
  examples: readonly Example[]
  /** `[post][word]` */
  predicted: readonly (readonly string[])[]
  /** The picture file each post was read with. */
  pictures: readonly (string | undefined)[]
  /** The training split. */
  train?: readonly Example[] | undefined
}

const MODULES = ['alignment', 'interaction', 'matching', 'fusion'] as const

/** The seed of the run that made a checkpoint, or else that of its first values. */
const seedOf = ({ training, model }: CheckpointConfig): number =>
  typeof training?.['seed'] === 'number' ? training['seed'] : model.seed

/**
 * Scores tagged posts and says on what.
 *
 * @throws InvalidArgumentError for posts without labels, or labels of another scheme.
 */
export function evaluationOf({
  config,
  model,
  data,
  split,
  examples,
  predicted,
  pictures,
  train,
}: EvaluationInputs): Evaluation {
  const gold = goldLabels(examples)
  const report = evaluateLabels({ gold, predicted })
  const withPicture = pictures.filter(file => file !== undefined).length
  const { textEncoder, imageEncoder } = config.model
  const name = config.training?.['textEncoder']
  return {
    kind: 'evaluation',
    context: {
      version,
      model,
      data,
      split,
      dataFingerprint: dataFingerprint(examples),
      sentences: examples.length,
      entities: { strict: report.strict.micro.support, lenient: report.lenient.micro.support },
      pictures: withPicture,
      pictureFingerprint: withPicture > 0 ? pictureFingerprint(pictures) : null,
      encoders: {
        text: { ...(typeof name === 'string' && { name }), ...textEncoder },
        image: imageEncoder ?? null,
      },
      modules: MODULES.filter(part => config.model[part] !== undefined),
      seed: seedOf(config),
    },
    ...report,
    errors: classifyErrors({ gold, predicted }),
    seen: train ? seenEntities({ train, examples, predicted }) : null,
  }
}

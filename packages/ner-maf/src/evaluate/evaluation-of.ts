import { dataFingerprint, goldLabels, type Post, pictureFingerprint } from '@mafjs/data'
import { classifyErrors, evaluateLabels } from '@mafjs/evaluate'
import { type Evaluation, type LabelledWords, seenEntities } from '@mafjs/evaluate/evaluations'
import type { CheckpointConfig } from '../checkpoint/checkpoint'
import { version } from '../version'

/** What an evaluation is made of. */
export interface EvaluationInputs {
  config: Pick<CheckpointConfig, 'model' | 'training'>
  /** The checkpoint folder. */
  model: string
  /** The data folder or file. */
  data: string
  split: string
  examples: readonly Post[]
  /** `[post][word]` */
  predicted: readonly (readonly string[])[]
  /** The picture file each post was read with. */
  pictures: readonly (string | undefined)[]
  /** The training split. */
  train?: readonly Post[] | undefined
}

const MODULES = ['alignment', 'interaction', 'matching', 'fusion'] as const

/** The seed of the run that made a checkpoint, or else that of its first values. */
const seedOf = ({ training, model }: EvaluationInputs['config']): number =>
  typeof training?.['seed'] === 'number' ? training['seed'] : model.seed

const labelled = (posts: readonly Post[]): LabelledWords[] =>
  goldLabels(posts).map((labels, post) => ({ words: posts[post]!.words, labels }))

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
    seen: train
      ? seenEntities({
          train: { fingerprint: dataFingerprint(train), posts: labelled(train) },
          posts: labelled(examples),
          predicted,
        })
      : null,
  }
}

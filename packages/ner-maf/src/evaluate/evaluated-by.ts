import type { EvaluatedBy } from '@mafjs/data'
import type { CheckpointConfig } from '../checkpoint/checkpoint'
import { version } from '../version'

/** What an evaluation says of its model. */
export function evaluatedBy(
  { model, training }: Pick<CheckpointConfig, 'model' | 'training'>,
  place: Pick<EvaluatedBy, 'model' | 'data' | 'split'>,
): EvaluatedBy {
  const { textEncoder, imageEncoder } = model
  const name = training?.['textEncoder']
  return {
    ...{ version, ...place },
    encoders: {
      text: { ...(typeof name === 'string' && { name }), ...textEncoder },
      image: imageEncoder ?? null,
    },
    modules: (['alignment', 'interaction', 'matching', 'fusion'] as const).filter(
      part => model[part] !== undefined,
    ),
    // The seed of the run that made a checkpoint, or else that of its first values.
    seed: typeof training?.['seed'] === 'number' ? training['seed'] : model.seed,
  }
}

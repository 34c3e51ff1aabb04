import { InvalidArgumentError } from '@mafjs/tensor'
import { type TextOfModel, textOfModel } from './text-of-model'
import type { TrainRunOptions } from './train-run-options'

/**
 * How the model that a run starts from reads texts, where the run names no text encoder.
 *
 * @throws InvalidArgumentError where it names neither, or the model cannot be read.
 */
export async function startedFrom({
  textEncoder,
  init,
  randomTextEncoder,
}: Pick<TrainRunOptions, 'textEncoder' | 'init' | 'randomTextEncoder'>): Promise<TextOfModel | undefined> {
  if (textEncoder !== undefined) return undefined
  if (init === undefined) {
    throw new InvalidArgumentError({
      argument: 'textEncoder',
      rule: 'must be given, or a trained model to start from as init',
      received: 'neither',
      fix: 'Name the checkpoint of a text encoder, or start from a model such as @mafjs/model-posts-en.',
    })
  }
  if (!randomTextEncoder) return textOfModel(init)
  throw new InvalidArgumentError({
    argument: 'randomTextEncoder',
    rule: 'must be left out where the text encoder is that of init',
    received: true,
    fix: 'Name the text encoder whose weights are to be drawn.',
  })
}

import { labelScheme, type Post, type SplitterName, splitWords, typesOf } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type CompleteSettings, completeSettings, type TrainingSettings } from '@mafjs/train'
import { PUBLISHED_LABELS } from '../model/presets'

/** The options of a run that steer more than the training itself. */
export interface RunChoices {
  preset: 'default' | 'reference'
  imageEncoder: string
  splitter: SplitterName
}

/**
 * Checks the options that need nothing but themselves, and fills in the settings.
 *
 * @throws InvalidArgumentError naming the option that is out of range or does not go with another.
 */
export function checkRunOptions(
  { preset, imageEncoder, splitter }: RunChoices,
  { optimizer = preset === 'reference' ? 'published' : 'adamw', ...settings }: TrainingSettings,
): CompleteSettings {
  if (preset !== 'default' && preset !== 'reference') {
    throw new InvalidArgumentError({
      argument: 'preset',
      rule: "must be 'default' or 'reference'",
      received: preset,
    })
  }
  if (preset === 'reference' && imageEncoder === 'none') {
    throw new InvalidArgumentError({
      argument: 'imageEncoder',
      rule: 'must be given for the reference preset, which always reads pictures',
      received: imageEncoder,
      fix: 'Give an image encoder, or take the default preset.',
    })
  }
  // Refuses a splitter it does not know.
  splitWords('', splitter)
  return completeSettings({ ...settings, optimizer })
}

/**
 * The labels of a run: those of the training split's types, or the published ones.
 *
 * @throws InvalidArgumentError for a training split without any entity.
 */
export function labelsOfRun(
  train: readonly Post[],
  preset: RunChoices['preset'],
): { types: string[]; labels: readonly string[] } {
  const types = typesOf(train)
  if (types.length === 0) {
    throw new InvalidArgumentError({
      argument: 'data',
      rule: 'must have an entity in its training split',
      received: `${train.length} posts in ${train[0]?.source.file}, every label O`,
      fix: 'Label the names in the posts: B-TYPE, I-TYPE.',
    })
  }
  return { types, labels: preset === 'reference' ? PUBLISHED_LABELS : labelScheme(types).labels }
}

import { InvalidArgumentError } from '@mafjs/tensor'
import { goldLabels } from './gold-labels'
import type { Post } from './post'

/** What a run is to read. */
export interface CheckExamplesOptions {
  train: readonly Post[]
  valid?: readonly Post[] | undefined
  /** The labels the model knows. */
  labels: readonly string[]
}

function assertFilled(argument: string, examples: readonly Post[], fix: string): void {
  if (examples.length > 0) return
  throw new InvalidArgumentError({
    argument,
    rule: 'must hold at least one post',
    received: 'an empty split',
    fix,
  })
}

function assertKnown({ id, words, labels, source }: Post, known: ReadonlySet<string>): void {
  const place = `${source.file}:${source.line}`
  if (labels!.length !== words.length) {
    throw new InvalidArgumentError({
      argument: place,
      rule: 'must have one label for every word',
      received: `${labels!.length} labels for the ${words.length} words of post "${id}"`,
    })
  }
  const word = labels!.findIndex(label => !known.has(label))
  if (word < 0) return
  throw new InvalidArgumentError({
    argument: place,
    rule: `must have labels the model knows: ${[...known].join(', ')}`,
    received: `${labels![word]} at "${words[word]}", word ${word + 1} of post "${id}"`,
    fix: 'Correct the label, or use a model with this type.',
  })
}

/**
 * Checks the posts of a run before any work: a fault found in the last epoch is found too late. A label of the validation
 * split that the model does not know is no fault, only never predicted.
 *
 * @throws InvalidArgumentError for an empty split, or naming file and line of a post without labels or with one that the
 * model does not know.
 */
export function assertTrainable({ train, valid, labels }: CheckExamplesOptions): void {
  assertFilled('train', train, 'Give posts with labels to train on.')
  goldLabels(train)
  const known = new Set(labels)
  for (const example of train) assertKnown(example, known)
  if (!valid) return
  assertFilled('valid', valid, 'Leave it out to keep the last epoch.')
  goldLabels(valid)
}

import { InvalidArgumentError } from '@mafjs/tensor'
import type { Post } from './post'

/**
 * The gold labels of posts that are to be scored.
 *
 * @throws InvalidArgumentError naming the first post without labels.
 */
export function goldLabels(examples: readonly Post[]): string[][] {
  return examples.map(({ id, label, labels, source }) => {
    if (labels) return labels
    throw new InvalidArgumentError({
      argument: `${source.file}:${source.line}`,
      rule: 'must have labels to be trained on or scored',
      received: `post "${id}" ${label === undefined ? 'without labels' : 'with a class, no entities'}`,
      fix: 'Add "labels" or "entities" to the post, or remove it.',
    })
  })
}

import { InvalidArgumentError } from '@mafjs/tensor'
import type { Post } from './post'
import { isType } from './read-label'

/** The labels a model knows, in the order of their ids. */
export interface LabelScheme {
  types: readonly string[]
  /** `O`, then `B-T` and `I-T` for every type in turn. */
  labels: readonly string[]
  /**
   * The id of a label.
   * @throws InvalidArgumentError for a label outside the scheme.
   */
  idOf(label: string): number
}

/**
 * The BIO scheme over entity types: `O`, `B-T`, `I-T` for every type in the order given, which is the order of the ids.
 *
 * @throws InvalidArgumentError for no types, or one that is empty, has a tab or white space around it, or is given twice.
 */
export function labelScheme(types: readonly string[]): LabelScheme {
  const bad = types.find((type, index) => !isType(type) || types.indexOf(type) !== index)
  if (types.length === 0 || bad !== undefined) {
    throw new InvalidArgumentError({
      argument: 'types',
      rule: 'must be at least one entity type, each without tabs or spaces around it and only once',
      received: [...types],
    })
  }
  const labels = ['O', ...types.flatMap(type => [`B-${type}`, `I-${type}`])]
  const ids = new Map(labels.map((label, id) => [label, id]))
  return {
    types: [...types],
    labels,
    idOf(label) {
      const id = ids.get(label)
      if (id !== undefined) return id
      throw new InvalidArgumentError({
        argument: 'label',
        rule: `must be one of ${labels.join(', ')}`,
        received: label,
        fix: 'Build the scheme from the types of the training data, or correct the label.',
      })
    },
  }
}

/** The entity types that occur in the labels of some examples, sorted, so that the order of the posts is no matter. */
export function typesOf(examples: Iterable<Post>): string[] {
  const types = new Set<string>()
  for (const { labels = [] } of examples) {
    for (const label of labels) if (label !== 'O') types.add(label.slice(2))
  }
  return [...types].sort()
}

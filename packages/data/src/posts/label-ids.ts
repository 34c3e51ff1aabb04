import { InvalidArgumentError } from '@mafjs/tensor'
import type { LabelScheme } from './labels'

/** The ids of a model's own labels, which the published scheme orders otherwise than `labelScheme` does. */
export function labelIds({
  labels,
  types,
}: {
  labels: readonly string[]
  types: readonly string[]
}): LabelScheme {
  return {
    types,
    labels,
    idOf(label) {
      const id = labels.indexOf(label)
      if (id >= 0) return id
      throw new InvalidArgumentError({
        argument: 'label',
        rule: `must be one the model knows: ${labels.join(', ')}`,
        received: label,
        fix: 'Train on data with this type, or correct the label.',
      })
    },
  }
}

import type { LabelScheme } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { MafConfig } from './config'

/** The ids of a model's own labels, which the published scheme orders otherwise than `labelScheme` does. */
export function labelIds({ labels, types }: Pick<MafConfig, 'labels' | 'types'>): LabelScheme {
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

import type { Weights } from '../weights'

const PREFIX = 'bert.'

/**
 * A checkpoint's tensors under the names of Hugging Face's `BertModel`: the prefix `bert.` of models with a head is
 * stripped, and the `gamma` and `beta` of old checkpoints become `weight` and `bias`. Heads keep their names.
 */
export function toBertNames(weights: Weights): Weights {
  const entries = Object.entries(weights).map(([name, weight]) => {
    const own = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name
    const modern = own
      .replace(/LayerNorm\.gamma$/, 'LayerNorm.weight')
      .replace(/LayerNorm\.beta$/, 'LayerNorm.bias')
    return [modern, weight] as const
  })
  // Not a weight but the numbers 0, 1, 2 ..., which some versions saved.
  return Object.fromEntries(entries.filter(([name]) => name !== 'embeddings.position_ids'))
}

import type { serialization } from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from '../errors'
import type { LayerWiring } from './layer-wiring'

/** What rebuilds a layer: the module's configuration and what of it is the layer's. */
export interface LayerPlan {
  module: object
  wiring: LayerWiring
}

/**
 * A plan as part of a layer's configuration. tfjs-layers rewrites keys and strings of a saved model between camelCase and
 * snake_case, so that the label `B-PER` would come back as `b-per`; it spares a string whose key is `name`.
 */
export const encodePlan = (plan: LayerPlan): serialization.ConfigDict => ({
  plan: { name: JSON.stringify(plan) },
})

/**
 * The plan in a layer's configuration.
 *
 * @throws InvalidArgumentError where there is none.
 */
export function decodePlan(config: serialization.ConfigDict): LayerPlan {
  const name = (config['plan'] as { name?: unknown } | undefined)?.name
  if (typeof name === 'string') return JSON.parse(name) as LayerPlan
  throw new InvalidArgumentError({
    argument: 'config.plan.name',
    rule: "must be the text that the layer's getConfig() gives",
    received: name,
    fix: 'Load a model that was saved with this layer.',
  })
}

import { InvalidArgumentError } from '@mafjs/tensor'
import { requireWhole } from './require'

/** Rotary positions (Su et al. 2021), and which layers look how far. */
export interface RotaryConfig {
  /** The numbers, from 0, of the layers whose tokens see only those nearby. @default two of three, beginning with 1 */
  localLayers: readonly number[]
  /** How many tokens far a token of these sees on either side. @default 64 */
  reach: number
  /** The base of the wavelengths in the layers that see everything. @default 160_000 */
  globalTheta: number
  /** The base of the wavelengths in local layers. @default 10_000 */
  localTheta: number
}

/** That of the published base model. */
export function publishedRotary(layers: number): RotaryConfig {
  const numbers = Array.from({ length: layers }, (_, layer) => layer)
  return {
    localLayers: numbers.filter(layer => layer % 3 !== 0),
    reach: 64,
    globalTheta: 160_000,
    localTheta: 10_000,
  }
}

/** @throws InvalidArgumentError naming the field that breaks its rule. */
export function assertRotary(
  { localLayers, reach, globalTheta, localTheta }: RotaryConfig,
  { hidden, heads, layers }: { hidden: number; heads: number; layers: number },
): void {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  if ((hidden / heads) % 2 !== 0) refuse('heads', 'must leave an even number of values to each', heads)
  const wrong = localLayers.find(layer => !(Number.isInteger(layer) && layer >= 0 && layer < layers))
  if (wrong !== undefined)
    refuse('rotary.localLayers', `must be numbers of layers, from 0 to ${layers - 1}`, wrong)
  requireWhole('rotary.reach', reach, 0)
  for (const [name, theta] of Object.entries({ globalTheta, localTheta })) {
    if (!(theta > 0 && Number.isFinite(theta))) refuse(`rotary.${name}`, 'must be a positive number', theta)
  }
}

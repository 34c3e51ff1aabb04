import type { ChooseWeightType } from '../graph/weight-type'
import type { Feed } from '../session/session'
import type { Quantizer } from './create-quantizer'

/** One choice of bytes that was scored. */
export interface WeightTrial {
  /** How many weights were unsigned bytes, the others 7 bits: those that lose most by 7 bits. */
  unsigned: number
  /** F1 with them, from 0 to 1. */
  f1: number
}

/** What weights are written in, and how that was found. */
export interface ChosenWeights {
  types: ChooseWeightType
  /** What was scored, in turn. */
  trials: WeightTrial[]
}

/** What a choice is made by. */
export interface ChooseWeightsOptions {
  quantizer: Pick<Quantizer, 'weights' | 'measureSevenBits'>
  /** Inputs of the graph that tell what 7 bits cost each weight; asked for only where they cost something. */
  samples: () => Promise<readonly Readonly<Record<string, Feed>>[]>
  /** F1 of the float model, from 0 to 1. */
  float: number
  /** F1 with weights written in some way, from 0 to 1. */
  score(types: ChooseWeightType): Promise<number>
}

/** Points of F1 (of a hundred) that 7 bits may cost before a weight becomes unsigned, which takes longer. */
export const MOST_COST = 0.1

/**
 * Chooses the bytes of the weights by what they cost. 7 bits are right everywhere at no cost of time, so they are taken where
 * they lose no more than a tenth of a point of a hundred against the float model, or against unsigned weights, which are right
 * everywhere too, have the eighth bit and take longer. Otherwise the weights that lose most by 7 bits become unsigned: 1, 2,
 * 4 ... of them, until the rest costs no more than that.
 */
export async function chooseWeights({
  quantizer,
  samples,
  float,
  score,
}: ChooseWeightsOptions): Promise<ChosenWeights> {
  const trials: WeightTrial[] = []
  const count = quantizer.weights.length
  const tryTypes = async (types: ChooseWeightType, unsigned: number): Promise<number> => {
    const f1 = await score(types)
    trials.push({ unsigned, f1 })
    return f1
  }
  const isClose = (f1: number, to: number): boolean => 100 * (to - f1) <= MOST_COST
  const seven = await tryTypes('int7', 0)
  if (isClose(seven, float)) return { types: 'int7', trials }
  const best = await tryTypes('uint8', count)
  if (isClose(seven, best)) return { types: 'int7', trials }
  const lost = await quantizer.measureSevenBits(await samples())
  const ranked = [...quantizer.weights].sort((a, b) => lost.get(b)! - lost.get(a)!)
  for (let unsigned = 1; unsigned < count; unsigned *= 2) {
    const chosen = new Set(ranked.slice(0, unsigned))
    const types: ChooseWeightType = weight => (chosen.has(weight) ? 'uint8' : 'int7')
    if (isClose(await tryTypes(types, unsigned), best)) return { types, trials }
  }
  return { types: 'uint8', trials }
}

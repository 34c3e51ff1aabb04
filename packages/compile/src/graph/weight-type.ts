import { InvalidArgumentError } from '@mafjs/tensor'

/** The bytes that a weight is written in. */
export const WEIGHT_TYPES = ['int7', 'uint8', 'int8'] as const

/**
 * The bytes that a weight is written in.
 *
 * Processors multiply unsigned bytes (activations) by signed ones (weights) and add pairs of products. x64 processors
 * without VNNI add them in int16, which ends at 32,767: two products of 255 and 127 do not fit, and the sum is wrong
 * without a word (`vpmaddubsw`).
 *
 * - `int7`: signed, at most 64 in magnitude. Two products of 255 and 64 fit: right on every processor, in every runtime.
 * - `uint8`: unsigned around 128. Both factors are then unsigned and are widened first: right everywhere, and slower.
 * - `int8`: signed, at most 127 in magnitude. Right where the processor has VNNI or is told to be exact, as every session of
 *   this package is.
 */
export type WeightType = (typeof WEIGHT_TYPES)[number]

/** How a weight's numbers become bytes: `byte = round(number / scale) + zeroPoint`. */
export interface Levels {
  /** What ONNX calls the bytes. */
  storage: 'int8' | 'uint8'
  /** The magnitude that the greatest number of a channel is written as. */
  greatest: number
  zeroPoint: number
}

const LEVELS: Readonly<Record<WeightType, Levels>> = {
  int7: { storage: 'int8', greatest: 64, zeroPoint: 0 },
  uint8: { storage: 'uint8', greatest: 127, zeroPoint: 128 },
  int8: { storage: 'int8', greatest: 127, zeroPoint: 0 },
}

/**
 * The levels of a weight type.
 *
 * @param shift what zero is written as in signed bytes; unsigned ones have it in their middle anyway
 * @throws InvalidArgumentError for a type it does not know.
 */
export function levelsOf(type: WeightType, shift: 0 | 1 = 0): Levels {
  if (!WEIGHT_TYPES.includes(type)) {
    throw new InvalidArgumentError({
      argument: 'weights',
      rule: `must be one of ${WEIGHT_TYPES.join(', ')}`,
      received: type,
    })
  }
  const levels = LEVELS[type]
  if (shift === 0 || levels.storage === 'uint8') return levels
  return { ...levels, greatest: levels.greatest - shift, zeroPoint: shift }
}

/** A weight type for all weights, or for each by its name. */
export type ChooseWeightType = WeightType | ((weight: string) => WeightType)

/** The type that was chosen for a weight. */
export const typeFor = (choose: ChooseWeightType, weight: string): WeightType =>
  typeof choose === 'function' ? choose(weight) : choose

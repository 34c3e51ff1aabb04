import type { SafetensorsType } from '@mafjs/tensor/safetensors'

/** One tensor of a checkpoint. */
export interface Weight {
  /** Its type in the file, in the names of safetensors, whatever the file's own format. */
  readonly dtype: SafetensorsType
  readonly shape: number[]
  /**
   * Decodes the values, row-major; every call makes a new array, so that nothing is held twice.
   *
   * @throws InvalidArgumentError for a type that is not read, such as F8_E4M3.
   */
  values(): Float32Array
}

/** The tensors of a checkpoint by name. */
export type Weights = Record<string, Weight>

/** How many numbers they hold. */
export const numbersIn = (weights: Readonly<Record<string, { shape: readonly number[] }>>): number =>
  Object.values(weights).reduce((sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1), 0)

/** The tensors of a checkpoint, and what was taken off around them: sentences for a person. */
export interface ReadWeights {
  weights: Weights
  notes: string[]
}

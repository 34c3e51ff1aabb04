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

/** The tensors of a checkpoint, and what was taken off around them: sentences for a person. */
export interface ReadWeights {
  weights: Weights
  notes: string[]
}

import { type AssignReport, assignParameters, InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Weights } from '../weights'

/** What a checkpoint held beyond what was asked for. */
export interface CheckpointReport {
  /** The file the weights came from. */
  file: string
  /** Tensors that the encoder has no place for, such as the heads of pretraining. */
  extra: string[]
  /** Sentences for a person: what the checkpoint left open, and how it was decided. */
  notes: string[]
}

/**
 * Copies the tensors of a checkpoint into parameters of the same names; nothing is assigned unless everything fits.
 *
 * @param source what the checkpoint is called in errors, its path for example
 * @returns the names that no parameter has; they are not decoded
 * @throws InvalidArgumentError naming the source and EVERY missing and misshaped tensor.
 */
export function assignWeights(parameters: Parameters, weights: Weights, source: string): AssignReport {
  const known = Object.entries(weights).filter(([name]) => Object.hasOwn(parameters, name))
  const values: Record<string, Tensor> = Object.fromEntries(
    known.map(([name, weight]) => [name, tf.tensor(weight.values(), weight.shape, 'float32')]),
  )
  try {
    assignParameters(parameters, values)
  } catch (error) {
    if (error instanceof InvalidArgumentError) error.message = `${source}: ${error.message}`
    throw error
  } finally {
    tf.dispose(values) // an assigned parameter shares the memory, so this frees only what was refused
  }
  return { extra: Object.keys(weights).filter(name => !Object.hasOwn(parameters, name)) }
}

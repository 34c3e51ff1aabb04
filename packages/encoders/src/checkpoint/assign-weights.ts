import { type AssignReport, assignParameters, InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import { isReadType } from '@mafjs/tensor/safetensors'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Weights } from '../weights'
import { nameError } from './name-error'

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
 * @throws InvalidArgumentError naming the source and EVERY missing and misshaped tensor, every one of a type that is not read,
 * and every one with a number that is not finite.
 */
export function assignWeights(parameters: Parameters, weights: Weights, source: string): AssignReport {
  const known = Object.entries(weights).filter(([name]) => Object.hasOwn(parameters, name))
  refuseAny(
    source,
    'must hold the tensors that are used in a type that is read',
    known.filter(([, { dtype }]) => !isReadType(dtype)).map(([name, { dtype }]) => `${name} (${dtype})`),
    'Save them as F32, F16 or BF16.',
  )
  const values: Record<string, Tensor> = Object.create(null)
  const broken: string[] = []
  for (const [name, weight] of known) {
    const numbers = weight.values()
    // The root of a variance is taken.
    const place = firstOutside(numbers, name.endsWith('.running_var') ? 0 : -Number.MAX_VALUE)
    if (place >= 0) broken.push(`${name} (${numbers[place]} at ${place})`)
    values[name] = tf.tensor(numbers, weight.shape, 'float32')
  }
  try {
    refuseAny(
      source,
      'must hold finite numbers, and variances that are not negative',
      broken,
      'The checkpoint is of a training that failed; take an earlier one.',
    )
    assignParameters(parameters, values)
  } catch (error) {
    throw nameError(error, source)
  } finally {
    tf.dispose(values) // an assigned parameter shares the memory, so this frees only what was refused
  }
  return { extra: Object.keys(weights).filter(name => !Object.hasOwn(parameters, name)) }
}

/** Where the first number is that is not finite or below the least, or -1: a call for each would take longer than reading them. */
function firstOutside(numbers: ArrayLike<number>, least: number): number {
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!
    if (!(value >= least && value <= Number.MAX_VALUE)) return i
  }
  return -1
}

function refuseAny(argument: string, rule: string, names: readonly string[], fix: string): void {
  if (names.length === 0) return
  const more = names.length > 20 ? ` and ${names.length - 20} more` : ''
  throw new InvalidArgumentError({ argument, rule, received: `${names.slice(0, 20).join(', ')}${more}`, fix })
}

import type { Parameters } from '@mafjs/tensor'
import { readWhole } from '@mafjs/tensor/files'
import { assignValues, readSnapshot, type Snapshot } from '../snapshot'

/** Weights of a model that was trained before. */
export interface InitialWeights {
  /** Where they are from, for a person. */
  from: string
  weights: Snapshot
}

/**
 * Reads the weights of a trained model's folder.
 *
 * @throws InvalidArgumentError for a folder without `model.safetensors`, or a damaged one.
 */
export async function readWeights(folder: string): Promise<InitialWeights> {
  const fix = 'Give the folder of a trained model.'
  return { from: folder, weights: await readWhole(folder, place => readSnapshot(place, fix)) }
}

/**
 * Gives parameters the weights of their name and shape; every other parameter starts anew.
 *
 * @returns sentences for a person: which start anew, and which weights found no parameter
 */
export function startFrom(parameters: Parameters, { from, weights }: InitialWeights): string[] {
  const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`
  const others: string[] = []
  const missing: string[] = []
  for (const [name, variable] of Object.entries(parameters)) {
    const known = Object.hasOwn(weights, name) ? weights[name]! : undefined
    if (!known) missing.push(name)
    else if (shown(known.shape) !== shown(variable.shape)) {
      others.push(`${name} (${shown(variable.shape)}, there ${shown(known.shape)})`)
    } else assignValues(variable, known.values)
  }
  const unused = Object.keys(weights).filter(name => !Object.hasOwn(parameters, name))
  const count = Object.keys(parameters).length
  return [
    `${count - others.length - missing.length} of ${count} parameters start with the weights of ${from}.`,
    ...(others.length > 0 ? [`These have another shape there and start anew: ${others.join(', ')}.`] : []),
    ...(missing.length > 0 ? [`These are not there and stay as they are: ${missing.join(', ')}.`] : []),
    ...(unused.length > 0 ? [`These are there and have no place here: ${unused.join(', ')}.`] : []),
  ]
}

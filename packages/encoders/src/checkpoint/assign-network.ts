import { InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import type { Weights } from '../weights'
import { assignWeights } from './assign-weights'

/** The most names that an error lists. */
const MOST = 20

const list = (names: readonly string[]): string =>
  names.length > MOST
    ? `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`
    : names.join(', ')

/**
 * Copies a network's tensors into an encoder's parameters, as `assignWeights` does, where all that is left over is a head:
 * what else has no place would change what the network computes, and is no encoder of this package.
 *
 * @param parameters the encoder's
 * @param tensors `own`: those of the network, under the encoder's names; `beside`: names of others in the same file
 * @param heads what may be left over
 * @returns the names that are left over
 * @throws InvalidArgumentError naming every tensor without a place, or every missing and misshaped one.
 */
export function assignNetwork(
  parameters: Parameters,
  { own, beside }: { own: Weights; beside: readonly string[] },
  heads: RegExp,
  file: string,
): string[] {
  const left = [...Object.keys(own).filter(name => !Object.hasOwn(parameters, name)), ...beside]
  const strangers = left.filter(name => !heads.test(name))
  if (strangers.length > 0) {
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must hold nothing but the tensors of its encoder and known heads',
      received: `tensors without a place: ${list(strangers)}`,
      fix: 'With them the network computes something else: merge adapters (LoRA) into its weights before saving, take the config.json that belongs to it, or export the model to ONNX.',
    })
  }
  assignWeights(parameters, own, file)
  return left
}

import type { Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from '../errors'
import type { ApplyOptions, Module, Parameters } from '../module'
import { prefixParameters } from '../parameters'

/** Modules by the names that their parameters stand under; one may be left out. */
export type ModuleParts = Readonly<
  Record<string, Pick<Module, 'config' | 'parameters' | 'dispose'> | undefined>
>

/** The configurations of the parts that are there, by name. */
export type ComposedConfig<Parts extends ModuleParts> = {
  [Name in keyof Parts]: Parts[Name] extends { config: infer Config } ? Config : undefined
}

/** Modules wired into one. */
export interface ComposedModule<
  Parts extends ModuleParts,
  Inputs extends object,
  Outputs extends TensorContainer | object,
> extends Module<Inputs, Outputs, ComposedConfig<Parts>> {
  readonly parts: Parts
}

/**
 * Wires modules into one: its parameters are theirs as `part.name`, its configuration is theirs by part, and it frees them all.
 *
 * @param apply computes the outputs from the parts; it runs in `tf.tidy`, and hands its options on to them
 * @throws InvalidArgumentError for a name with a dot in it, or a parameter that two parts have.
 */
export function composeModule<
  Parts extends ModuleParts,
  Inputs extends object,
  Outputs extends TensorContainer | object,
>(
  parts: Parts,
  apply: (parts: Parts, inputs: Inputs, options: ApplyOptions) => Outputs,
): ComposedModule<Parts, Inputs, Outputs> {
  const present = Object.entries(parts).flatMap(([name, part]) => (part ? [[name, part] as const] : []))
  const owners = new Map<Tensor, string>()
  for (const [name, part] of present) {
    if (name === '' || name.includes('.')) {
      throw new InvalidArgumentError({
        argument: 'parts',
        rule: 'must have names without a dot, which parts a name from its parameters',
        received: name,
      })
    }
    for (const [parameter, variable] of Object.entries(part.parameters())) {
      const owner = owners.get(variable)
      if (owner === undefined) owners.set(variable, name)
      else {
        throw new InvalidArgumentError({
          argument: 'parts',
          rule: 'must each have parameters of their own',
          received: `${parameter} of ${name}, which ${owner} has too`,
          fix: 'Name the module once and apply it twice.',
        })
      }
    }
  }
  return {
    parts,
    config: Object.fromEntries(present.map(([name, { config }]) => [name, config])) as ComposedConfig<Parts>,
    apply: (inputs, options = {}) =>
      tf.tidy(() => apply(parts, inputs, options) as TensorContainer) as Outputs,
    parameters: (): Parameters =>
      Object.assign({}, ...present.map(([name, part]) => prefixParameters(name, part.parameters()))),
    dispose() {
      for (const [, part] of present) part.dispose()
    },
  }
}

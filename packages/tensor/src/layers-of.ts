import type { Rank, Tensor, Variable } from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'
import { layerNorm } from './layer-norm'
import { linear } from './linear'
import type { Parameters } from './module'

/** Names of the layers among parameters whose weights have such a rank; any name where theirs are not known. */
type LayerName<Named extends Parameters, R extends Rank> = string extends keyof Named
  ? string
  : {
      [Key in keyof Named]: Key extends `${infer Name}.weight`
        ? Named[Key] extends Variable<R>
          ? Name
          : never
        : never
    }[keyof Named]

/** Layers that are called by the name which `linearSpecs` or `layerNormSpecs` gave their parameters. */
export interface LayersOf<Named extends Parameters> {
  /** `x W^T + b`, `[..., in]` to `[..., out]`; no `b` where there is none. */
  linear<T extends Tensor>(x: T, name: LayerName<Named, Rank.R2>): T
  /** @param epsilon added to the variance. @default 1e-12 */
  layerNorm<T extends Tensor>(x: T, name: LayerName<Named, Rank.R1>, epsilon?: number): T
}

/**
 * The layers that parameters hold; a name that `createParameters` was not given is an error of the compiler.
 *
 * @throws InvalidArgumentError when a layer is called whose parameters are not there.
 */
export function layersOf<Named extends Parameters>(parameters: Named): LayersOf<Named> {
  const named = <R extends Rank>(name: string): Tensor<R> => {
    const parameter: Tensor | undefined = parameters[name]
    if (parameter) return parameter as Tensor<R>
    throw new InvalidArgumentError({
      argument: 'parameters',
      rule: `must hold ${name}`,
      received: Object.keys(parameters).join(', '),
    })
  }
  const biasOf = (name: string) => parameters[`${name}.bias`] as Tensor<Rank.R1> | undefined
  return {
    linear: (x, name) => linear(x, named<Rank.R2>(`${name}.weight`), biasOf(name)),
    layerNorm: (x, name, epsilon) => layerNorm(x, named<Rank.R1>(`${name}.weight`), biasOf(name), epsilon),
  }
}

import type { Tensor } from '@tensorflow/tfjs-core'
import { assertSizes } from '../errors'
import { linear } from '../linear'
import type { ApplyOptions, Module } from '../module'
import { createParameters, disposeParameters, linearSpecs } from '../parameters'

/** A linear layer, as `torch.nn.Linear` counts. */
export interface LinearConfig {
  /** Size of the last axis of what it is given. */
  inFeatures: number
  /** Size of the last axis of what it gives. */
  outFeatures: number
}

/** How a linear layer is made. */
export interface LinearOptions extends LinearConfig {
  /** Seed of the first values. @default 0 */
  seed?: number | undefined
}

/** A linear layer with its parameters, `weight [out, in]` and `bias [out]`. */
export interface Linear extends Module<Tensor, Tensor, LinearConfig> {
  /** `[..., in]` to `[..., out]` */
  apply<Rows extends Tensor>(x: Rows, options?: ApplyOptions): Rows
}

/**
 * Makes a linear layer, `x W^T + b`: a head, or a projection.
 *
 * @throws InvalidArgumentError for a size that is no positive whole number.
 */
export function createLinear({ inFeatures, outFeatures, seed = 0 }: LinearOptions): Linear {
  assertSizes({ inFeatures, outFeatures })
  const parameters = createParameters(linearSpecs('linear', inFeatures, outFeatures), seed)
  const { 'linear.weight': weight, 'linear.bias': bias } = parameters
  return {
    config: { inFeatures, outFeatures },
    apply: x => linear(x, weight, bias),
    parameters: () => ({ weight, bias }),
    dispose: () => disposeParameters(parameters),
  }
}

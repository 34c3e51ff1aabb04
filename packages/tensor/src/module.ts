import type { Tensor, TensorContainer, Variable } from '@tensorflow/tfjs-core'

/** A module's trainable tensors by name; names and layouts are those of a PyTorch state dict. */
export type Parameters = Record<string, Variable>

/** The mask that one dropout asks for. */
export interface DropoutMaskRequest {
  shape: readonly number[]
  /** Probability of a 0, in (0, 1). */
  rate: number
  seed: number
  step: number
  /** The place that drops; with seed and step it names the stream of `fillDropoutMask`. */
  site: string
}

/** How a module is applied: training mode and randomness are arguments, never globals. */
export interface ApplyOptions {
  /** Whether dropout and other training-only parts act. @default false */
  training?: boolean | undefined
  /** Seed of everything random in this call. @default 0 */
  seed?: number | undefined
  /** Training step; together with the seed it makes every step's draws different. @default 0 */
  step?: number | undefined
  /**
   * Whether a module that looks at another modality gives what it looked at, too, as `attention`; without it nothing of that is
   * kept. @default false
   */
  attention?: boolean | undefined
  /**
   * Gives every mask that dropout multiplies by, a tensor of the asked shape that stays the giver's own: how a compiler
   * makes masks the inputs of its program.
   * @default drawn by `fillDropoutMask`
   */
  dropoutMask?: ((request: DropoutMaskRequest) => Tensor) | undefined
}

/** What every plug-in of MAF.js is: a plain object with a configuration, parameters, and one way to apply it. */
export interface Module<
  Inputs extends object = object,
  Outputs extends TensorContainer | object = object,
  Config extends object = object,
> {
  /** Plain JSON that rebuilds the module: `createX(module.config)`. */
  readonly config: Config
  /** Computes the outputs; runs inside `tf.tidy`, so that only its outputs stay. */
  apply(inputs: Inputs, options?: ApplyOptions): Outputs
  /** Name -> variable; names map to a torch state dict by rule. */
  parameters(): Parameters
  /** Frees the parameters; the module cannot be applied afterwards. */
  dispose(): void
}

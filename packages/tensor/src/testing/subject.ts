import type { Module } from '../module'
import type { Dimensions } from '../shapes'
import type { InputSpec, Words } from './inputs'

/** What the suite looks at, one name per property of a module. */
export type ConformanceCheck =
  | 'apply'
  | 'output-shape'
  | 'dtype'
  | 'leaked-tensor'
  | 'determinism'
  | 'global-randomness'
  | 'seed'
  | 'order'
  | 'mask'
  | 'batch-of-one'
  | 'absent-modality'
  | 'wrong-shape'
  | 'round-trip'
  | 'gradient'

/** One fault of a module, or an exemption it does not need. */
export interface Finding {
  check: ConformanceCheck | 'exemption'
  /** What it is about: an input, an output, a parameter, an option or a part of the check. */
  subject: string
  message: string
}

/** An output tensor that is no float32 or no function to be differentiated. */
export interface OutputSpec {
  shape: Words
  /** @default 'float32' */
  dtype?: 'float32' | 'int32' | 'bool'
  /** Whether the gradient checks include it. @default true for float32 */
  differentiable?: boolean
}

/** A module, how to make and feed it, and what it is known to do otherwise. */
export interface ConformanceSubject<Options extends object> {
  /** The factory, e.g. `createGatedFusion`. */
  create(options: Options): Module<never, object, object>
  /** Options for it, all plain JSON; differing from the defaults where the default would hide a lost option. */
  config: Options
  /** A size for every word of the shapes: all different, the batch at least 4, positions at least 3. */
  dimensions: Dimensions
  /** What `apply` takes. */
  inputs: Readonly<Record<string, InputSpec>>
  /** Every tensor `apply` gives in training, by path. */
  outputs: Readonly<Record<string, Words | OutputSpec>>
  /**
   * What the seed changes in training: `'positions'` where draws depend on the number of positions (dropout),
   * `'examples'` where they do not (exchanges), or nothing.
   * @default 'nothing'
   */
  random?: 'nothing' | 'examples' | 'positions'
  /** Parameters whose gradient is mathematically zero, each with the reason. */
  zeroGradients?: Readonly<Record<string, string>>
  /** Checks, or `check:subject`, that do not apply, each with the reason; one that is not needed is a finding. */
  exempt?: Readonly<Partial<Record<ConformanceCheck | `${ConformanceCheck}:${string}`, string>>>
}

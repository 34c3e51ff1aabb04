import type { ElementType, Numbers } from './element-types'
import type { Origin } from './origin'

/** An attribute of an ONNX node; a plain number is an integer, a float says so. */
export type Attribute = number | string | readonly number[] | { float: number } | { type: ElementType }

/** One ONNX operator with its inputs. */
export interface Node {
  op: string
  /** `''` is ONNX itself, `com.microsoft` the operators of ONNX Runtime. */
  domain: '' | 'com.microsoft'
  inputs: readonly (Value | undefined)[]
  attributes: Readonly<Record<string, Attribute>>
  outputs: readonly Value[]
  origin?: Origin
}

/** Where the numbers of a value come from. */
export type Source =
  /** A node computes them. */
  | { kind: 'node'; node: Node }
  /** They belong to the program. */
  | { kind: 'constant'; data: Numbers; origin?: Origin }
  /** One number everywhere. */
  | { kind: 'filled'; value: number }
  /** An int64 vector of sizes: any of them may turn out to be a symbolic dimension. */
  | { kind: 'sizes'; sizes: readonly number[] }
  /** Whoever runs the program gives them. */
  | { kind: 'input'; name: string }
  /** JavaScript has them: computed before, or written outside any recording. */
  | { kind: 'host'; data: Numbers }

/** A tensor of the recorded program: its shape and type are known, its numbers need not be. */
export interface Value {
  readonly shape: readonly number[]
  readonly type: ElementType
  /** Replaced by a `host` source once it was computed, which lets go of everything it was computed from. */
  source: Source
}

import { type ElementType, type Numbers, numbersOf, sizeOf, zerosOf } from './element-types'
import type { Origin } from './origin'
import type { Attribute, Node, Value } from './value'

/** What one output of a node is. */
export interface OutputSpec {
  shape: readonly number[]
  type: ElementType
}

/** How a node is made beyond its operator and inputs. */
export interface NodeOptions {
  attributes?: Record<string, Attribute> | undefined
  /** @default '' */
  domain?: Node['domain'] | undefined
}

let currentOrigin: Origin | undefined

/** Runs `make`; every node made meanwhile belongs to `origin`. */
export function withOrigin<T>(origin: Origin | undefined, make: () => T): T {
  const outer = currentOrigin
  currentOrigin = origin
  try {
    return make()
  } finally {
    currentOrigin = outer
  }
}

/** A node with several outputs. */
export function nodes(
  op: string,
  inputs: readonly (Value | undefined)[],
  specs: readonly OutputSpec[],
  { attributes = {}, domain = '' }: NodeOptions = {},
): Value[] {
  const outputs: Value[] = []
  const node: Node = { op, domain, inputs, attributes, outputs, origin: currentOrigin }
  for (const { shape, type } of specs) {
    // Nothing need be computed for a tensor without numbers, and many operators refuse one.
    const source =
      sizeOf(shape) === 0 ? constant(zerosOf(type, 0), shape, type).source : { kind: 'node' as const, node }
    outputs.push({ shape, type, source })
  }
  return outputs
}

/** A node with one output. */
export const node = (
  op: string,
  inputs: readonly (Value | undefined)[],
  spec: OutputSpec,
  options?: NodeOptions,
): Value => nodes(op, inputs, [spec], options)[0]!

/** Numbers that belong to the program. */
export const constant = (data: Numbers, shape: readonly number[], type: ElementType): Value => ({
  shape,
  type,
  source: { kind: 'constant', data, origin: currentOrigin },
})

/** A constant without axes. */
export const scalar = (value: number, type: ElementType = 'float32'): Value =>
  constant(numbersOf(type, [value]), [], type)

/** One number everywhere. */
export const filled = (value: number, shape: readonly number[], type: ElementType = 'float32'): Value => ({
  shape,
  type,
  source: { kind: 'filled', value },
})

/** An int64 vector of sizes, lengths or places along axes, which symbolic dimensions may replace. */
export const sizes = (values: readonly number[]): Value => ({
  shape: [values.length],
  type: 'int64',
  source: { kind: 'sizes', sizes: values },
})

/** An int64 vector that has nothing to do with dimensions, such as a list of axes. */
export const integers = (values: readonly number[]): Value =>
  constant(numbersOf('int64', values), [values.length], 'int64')

/** The node that computes a value, if it is of that operator. */
export function producerOf(value: Value, op: string): Node | undefined {
  return value.source.kind === 'node' && value.source.node.op === op ? value.source.node : undefined
}

/** The one number a value holds everywhere, when that is known. */
export function uniformValue({ source }: Value): number | undefined {
  if (source.kind === 'filled') return source.value
  if (source.kind !== 'constant' || source.data.length === 0) return undefined
  const first = source.data[0]!
  for (const number of source.data) if (number !== first) return undefined
  return Number(first)
}

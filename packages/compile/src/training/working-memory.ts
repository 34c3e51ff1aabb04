import { lengthOf } from '../graph/dimensions'
import { sizeOf, zerosOf } from '../graph/element-types'
import type { OnnxGraph, TensorSpec } from '../graph/onnx-graph'

/** Operators whose output is their first input's memory under another shape. */
const ALIASES = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Flatten'])

/**
 * The most bytes that the tensors between a graph's inputs and outputs need at one time, when its nodes run in their order
 * and each tensor is freed after its last use.
 *
 * @param lengths of the symbolic dimensions
 */
export function workingBytes(
  { nodes, inputs, outputs, initializers, tensors }: OnnxGraph,
  lengths: ReadonlyMap<string, number> = new Map(),
): number {
  const bytesOf = ({ shape, type }: TensorSpec): number =>
    sizeOf(shape.map(length => lengthOf(length, lengths))) * zerosOf(type, 0).BYTES_PER_ELEMENT
  const given = new Set([...inputs, ...outputs, ...initializers].map(({ name }) => name))
  const roots = new Map<string, string>()
  const rootOf = (name: string): string => roots.get(name) ?? name
  for (const { op, inputs, outputs } of nodes) {
    if (ALIASES.has(op)) roots.set(outputs[0]!, rootOf(inputs[0]!))
  }
  const lastUses = new Map<string, number>()
  for (const [index, { inputs, outputs }] of nodes.entries()) {
    for (const name of [...inputs, ...outputs]) lastUses.set(rootOf(name), index)
  }
  const freed = nodes.map((): string[] => [])
  for (const [name, index] of lastUses) freed[index]!.push(name)
  const sizes = new Map<string, number>()
  let live = 0
  let most = 0
  for (const [index, { outputs }] of nodes.entries()) {
    for (const name of outputs) {
      const spec = tensors.get(name)
      if (!spec || given.has(name) || roots.has(name)) continue
      sizes.set(name, bytesOf(spec))
      live += bytesOf(spec)
    }
    most = Math.max(most, live)
    for (const name of freed[index]!) live -= sizes.get(name) ?? 0
  }
  return most
}

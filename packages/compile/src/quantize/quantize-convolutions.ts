import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { type ChooseWeightType, levelsOf, typeFor } from '../graph/weight-type'
import { GraphEditor } from '../rewrite/graph-editor'
import { type Affine, affineOf } from './activation-type'
import { Additions } from './additions'
import type { ByteRegion } from './byte-region'
import type { Range } from './calibrate'
import { quantizeFilter } from './quantize-filter'
import { standardNode } from './standard-node'

/** How convolutions are brought to int8. */
export interface QuantizeConvolutionsOptions {
  /** What is brought to int8. */
  region: ByteRegion
  /** The ranges of {@link measuredTensors} of the region. */
  ranges: ReadonlyMap<string, Range>
  /** The bytes of the weights. */
  weights: ChooseWeightType
  /** What zero is written as in weights of signed bytes. */
  weightZeroPoint: 0 | 1
}

/** The tensors whose range decides how the maps of a region are written. */
export const measuredTensors = ({ made, entries }: ByteRegion): string[] => [
  ...new Set([...entries, ...[...made.values()].map(({ rangeOf }) => rangeOf)]),
]

/**
 * Brings convolutions with constant weights, and what lies between them, to bytes: the weights per channel, the maps as
 * uint8 over the ranges they have on samples. Written with `QuantizeLinear` and `DequantizeLinear` around the float
 * operators, which any runtime computes and ONNX Runtime makes integer operators of.
 */
export function quantizeConvolutions(graph: OnnxGraph, options: QuantizeConvolutionsOptions): OnnxGraph {
  const { region, ranges, weights, weightZeroPoint } = options
  const { made, absorbed, entries } = region
  const tensors = new Map(graph.tensors)
  const editor = new GraphEditor({ ...graph, tensors })
  const additions = new Additions(tensors)
  const isAbsorbed = new Set(absorbed.values())

  const affines = new Map<string, Affine & { inputs: [scale: string, zeroPoint: string] }>()
  for (const name of measuredTensors(region)) {
    const affine = affineOf(ranges.get(name)!)
    const scale = additions.constant(`${name}_scale`, 'float32', [], Float32Array.of(affine.scale))
    const zeroPoint = additions.constant(`${name}_zero_point`, 'uint8', [], Uint8Array.of(affine.zeroPoint))
    affines.set(name, { ...affine, inputs: [scale, zeroPoint] })
  }
  const affine = (name: string) => affines.get(made.get(name)?.rangeOf ?? name)!

  /** Nodes through which `from` becomes `to` by way of the bytes of a tensor. */
  const throughBytes = (from: string, to: string, name: string): OnnxNode[] => {
    const { inputs } = affine(name)
    const bytes = additions.tensor(`${name}_quantized`, { ...editor.spec(name), type: 'uint8' })
    return [
      standardNode('QuantizeLinear', [from, ...inputs], bytes),
      standardNode('DequantizeLinear', [bytes, ...inputs], to),
    ]
  }

  // Others read what convolutions are given too, and need it as it is.
  const restored = new Map(
    [...entries].map(name => [name, additions.tensor(`${name}_restored`, editor.spec(name))]),
  )
  const pending = [...restored].flatMap(([name, to]) => throughBytes(name, to, name))

  for (const node of editor.all()) {
    const activation = absorbed.get(node)
    const [result] = (activation ?? node).outputs as [string]
    if (!made.has(result) || isAbsorbed.has(node)) continue
    let { inputs } = node
    if (node.op === 'Conv') {
      const [x, weight, bias] = inputs as [string, string, string | undefined]
      const filter = quantizeFilter(
        { weight: editor.constant(weight)!, ...(bias ? { bias: editor.constant(bias)! } : {}) },
        { inputScale: affine(x).scale, levels: levelsOf(typeFor(weights, weight), weightZeroPoint) },
        additions,
      )
      pending.push(...filter.nodes)
      inputs = [restored.get(x) ?? x, ...filter.inputs]
    }
    const floats = additions.tensor(`${result}_floats`, editor.spec(result))
    if (activation) editor.replace(activation)
    const computed = { ...node, inputs, outputs: [floats] }
    editor.replace(node, computed, ...throughBytes(floats, result, result), ...pending.splice(0))
  }
  const finished = editor.finish()
  return { ...finished, initializers: [...finished.initializers, ...additions.initializers] }
}

import { sizeOf } from '../graph/element-types'
import type { Initializer, OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { GraphEditor } from '../rewrite/graph-editor'

/** What a map is multiplied by and what is added to it, per channel. */
interface Affine {
  scale?: Float32Array
  shift?: Float32Array
}

/**
 * Makes what scales and shifts the channels of a convolution's result part of its weights and bias: batch norm in
 * evaluation mode, `scale (x - mean) / sqrt(variance + epsilon) + shift` (Ioffe and Szegedy 2015, eq. 11), and plain
 * products and sums with a number per channel.
 */
export function foldBatchNorm(graph: OnnxGraph): OnnxGraph {
  const tensors = new Map(graph.tensors)
  const added: Initializer[] = []
  const editor = new GraphEditor({ ...graph, tensors })
  const constants = new Map(graph.initializers.map(initializer => [initializer.name, initializer]))
  const put = (name: string, shape: readonly number[], data: Float32Array): string => {
    const initializer: Initializer = { name, type: 'float32', shape, data }
    added.push(initializer)
    constants.set(name, initializer)
    tensors.set(name, { name, type: 'float32', shape })
    return name
  }
  // In the order of the program: what is folded first may be followed by more of its kind.
  for (const node of editor.all()) {
    const inputs = node.inputs.map(input => editor.producer(input, 'Conv'))
    const place = inputs.findIndex(conv => conv !== undefined)
    const conv = inputs[place]
    if (!conv || editor.uses(conv.outputs[0]!) !== 1) continue
    const weight = constants.get(conv.inputs[1]!)
    const bias = conv.inputs[2] ? constants.get(conv.inputs[2]) : undefined
    if (!weight || (conv.inputs[2] && !bias)) continue
    const [channels] = weight.shape as [number]
    const affine = affineOf(node, { place, channels, rank: weight.shape.length, constants })
    if (!affine) continue
    const { scale, shift } = affine
    const stem = node.outputs[0]!
    const values = weight.data as Float32Array
    const inner = values.length / channels
    const scaled = scale ? values.map((value, i) => value * scale[Math.floor(i / inner)]!) : undefined
    const before = bias?.data as Float32Array | undefined
    const moved = Float32Array.from(
      { length: channels },
      (_, channel) => (before?.[channel] ?? 0) * (scale?.[channel] ?? 1) + (shift?.[channel] ?? 0),
    )
    editor.replace(conv)
    editor.replace(node, {
      ...conv,
      inputs: [
        conv.inputs[0]!,
        scaled ? put(`${weight.name}_${stem}`, weight.shape, scaled) : weight.name,
        put(`${bias?.name ?? `${weight.name}_bias`}_${stem}`, [channels], moved),
      ],
      outputs: node.outputs,
    })
  }
  if (added.length === 0) return graph
  // Weights that were folded twice are named after the whole way; only the last of them is read.
  const finished = editor.finish()
  const read = new Set(finished.nodes.flatMap(({ inputs }) => inputs))
  return {
    ...finished,
    initializers: [...finished.initializers, ...added.filter(({ name }) => read.has(name))],
  }
}

interface AffineOptions {
  /** Which input of the node the convolution's result is. */
  place: number
  channels: number
  /** Axes of the result, `[batch, channels, ...]`. */
  rank: number
  constants: ReadonlyMap<string, Initializer>
}

function affineOf(node: OnnxNode, { place, channels, rank, constants }: AffineOptions): Affine | undefined {
  const perChannel = (name: string | undefined): Float32Array | undefined => {
    const constant = constants.get(name ?? '')
    if (constant?.type !== 'float32') return undefined
    const { shape, data } = constant
    const size = sizeOf(shape)
    if (size === 1 && shape.length <= rank) return new Float32Array(channels).fill(Number(data[0]))
    // The axis of the channels, counted from the last, is the only one that has a length.
    const isAlongChannels = shape.length >= rank - 1 && shape.at(1 - rank) === channels && size === channels
    return isAlongChannels && shape.length <= rank ? (data as Float32Array) : undefined
  }
  if (node.op === 'BatchNormalization' && place === 0) {
    const [scale, shift, mean, variance] = node.inputs
      .slice(1)
      .map(name => constants.get(name)?.data as Float32Array)
    if (!scale || !shift || !mean || !variance) return undefined
    const epsilon = (node.attributes['epsilon'] as { float: number } | undefined)?.float ?? 1e-5
    const factor = scale.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon))
    return { scale: factor, shift: shift.map((value, channel) => value - mean[channel]! * factor[channel]!) }
  }
  const other = perChannel(node.inputs[1 - place])
  if (!other) return undefined
  if (node.op === 'Mul') return { scale: other }
  if (node.op === 'Add') return { shift: other }
  return undefined
}

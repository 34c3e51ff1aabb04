import type { OnnxNode } from '../graph/onnx-graph'
import type { GraphEditor } from './graph-editor'

/** What a layer normalisation over the last axis is made of. */
interface LayerNorm {
  x: string
  scale: string
  shift: string
  epsilon: number
  /** The nodes that make the mean and the inverse deviation, which a gradient may need too. */
  mean: OnnxNode
  inverse: OnnxNode
}

/** `(x - mean) / sqrt(variance + epsilon) * scale + shift` in one node, its mean and inverse deviation beside it. */
export function fuseLayerNorm(editor: GraphEditor): void {
  for (const add of editor.all()) {
    if (add.op !== 'Add' || !editor.has(add)) continue
    const found = match(add, editor)
    if (!found) continue
    const { x, scale, shift, epsilon, mean, inverse } = found
    editor.replace(mean)
    editor.replace(inverse)
    editor.replace(add, {
      op: 'LayerNormalization',
      domain: '',
      inputs: [x, scale, shift],
      outputs: [add.outputs[0]!, mean.outputs[0]!, inverse.outputs[0]!],
      attributes: { axis: -1, epsilon: { float: epsilon } },
      origin: add.origin,
    })
  }
}

function match(add: OnnxNode, editor: GraphEditor): LayerNorm | undefined {
  const [scaled, shift] = add.inputs as [string, string]
  const byScale = editor.producer(scaled, 'Mul')
  const [normalised, scale] = (byScale?.inputs ?? []) as [string, string]
  const byInverse = normalised === undefined ? undefined : editor.producer(normalised, 'Mul')
  const [centred, inverse] = (byInverse?.inputs ?? []) as [string, string]
  if (centred === undefined) return undefined
  const inverseNode = editor.producer(inverse, 'Reciprocal')
  const root = inverseNode && editor.producer(inverseNode.inputs[0]!, 'Sqrt')
  const above = root && editor.producer(root.inputs[0]!, 'Add')
  const epsilon = above && editor.scalar(above.inputs[1]!)
  const variance = above && editor.producer(above.inputs[0]!, 'ReduceMean')
  const square = variance && editor.producer(variance.inputs[0]!, 'Mul')
  if (epsilon === undefined || !square?.inputs.every(input => input === centred)) return undefined
  const subtract = editor.producer(centred, 'Sub')
  if (!subtract) return undefined
  const mean = editor.producer(subtract.inputs[1]!, 'ReduceMean')
  const [x] = subtract.inputs as [string]
  const isOverX = mean?.inputs[0] === x && isOverLastAxis(mean, editor) && isOverLastAxis(variance!, editor)
  // Whatever was computed could have been computed from the mean, which the fused node makes itself.
  const isScaled = isOverX && isVectorFor(x, scale, editor) && isVectorFor(x, shift, editor)
  if (!isScaled || !editor.sameShape(add.outputs[0]!, x)) return undefined
  return { x, scale, shift, epsilon, mean, inverse: inverseNode! }
}

function isVectorFor(x: string, vector: string, editor: GraphEditor): boolean {
  const { shape } = editor.spec(vector)
  return editor.isGiven(vector) && shape.length === 1 && shape[0] === editor.spec(x).shape.at(-1)
}

function isOverLastAxis(node: OnnxNode, editor: GraphEditor): boolean {
  const axis = editor.scalar(node.inputs[1]!)
  return axis === editor.spec(node.inputs[0]!).shape.length - 1 && node.attributes['keepdims'] === 1
}

import type { OnnxNode } from '../graph/onnx-graph'
import type { GraphEditor } from './graph-editor'

const isClose = (a: number | undefined, b: number): boolean => a !== undefined && Math.abs(a - b) < 1e-6

/** `0.5 x (1 + erf(x / sqrt 2))` in one node. */
export function fuseGelu(editor: GraphEditor): void {
  for (const product of editor.all()) {
    if (product.op !== 'Mul' || !editor.has(product)) continue
    const x = match(product, editor)
    if (x === undefined) continue
    editor.replace(product, { ...product, op: 'Gelu', domain: 'com.microsoft', inputs: [x] })
  }
}

function match(product: OnnxNode, editor: GraphEditor): string | undefined {
  const half = editor.producer(product.inputs[0]!, 'Mul')
  const plusOne = editor.producer(product.inputs[1]!, 'Add')
  const erf = plusOne && editor.producer(plusOne.inputs[0]!, 'Erf')
  const scaled = erf && editor.producer(erf.inputs[0]!, 'Mul')
  const x = half?.inputs[0]
  const matches =
    scaled !== undefined &&
    scaled.inputs[0] === x &&
    isClose(editor.scalar(scaled.inputs[1]!), Math.SQRT1_2) &&
    isClose(editor.scalar(plusOne!.inputs[1]!), 1) &&
    isClose(editor.scalar(half!.inputs[1]!), 0.5)
  // A constant of more axes would give the product more axes too.
  return matches && editor.sameShape(product.outputs[0]!, x!) ? x : undefined
}

/** `0.5 e + 0.5` of an error function is never outside [0, 1], where HardSigmoid is just that. */
export function fuseHalfErf(editor: GraphEditor): void {
  for (const add of editor.all()) {
    if (add.op !== 'Add' || !isClose(editor.scalar(add.inputs[1]!), 0.5)) continue
    const half = editor.producer(add.inputs[0]!, 'Mul')
    if (!half || !isClose(editor.scalar(half.inputs[1]!), 0.5) || !editor.producer(half.inputs[0]!, 'Erf'))
      continue
    if (!editor.sameShape(add.outputs[0]!, half.inputs[0]!)) continue
    editor.replace(add, {
      ...add,
      op: 'HardSigmoid',
      inputs: [half.inputs[0]!],
      attributes: { alpha: { float: 0.5 }, beta: { float: 0.5 } },
    })
  }
}

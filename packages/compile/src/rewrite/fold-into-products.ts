import type { OnnxNode } from '../graph/onnx-graph'
import type { GraphEditor } from './graph-editor'

/** A vector added to every row of a matrix product becomes the product's own bias. */
export function foldBias(editor: GraphEditor): void {
  for (const add of editor.all()) {
    if (add.op !== 'Add') continue
    const [product, bias] = pick(add, name => editor.producer(name, 'Gemm'))
    if (product?.inputs.length !== 2 || editor.uses(product.outputs[0]!) !== 1) continue
    const [, columns] = editor.spec(product.outputs[0]!).shape
    const { shape } = editor.spec(bias)
    if (shape.length !== 1 || shape[0] !== columns) continue
    editor.replace(product)
    editor.replace(add, { ...product, inputs: [...product.inputs, bias], outputs: add.outputs })
  }
}

/** A number every score of a stacked matrix product is multiplied by becomes the product's own factor. */
export function foldFactor(editor: GraphEditor): void {
  for (const scaled of editor.all()) {
    if (scaled.op !== 'Mul') continue
    const [product, factor] = pick(
      scaled,
      name => editor.producer(name, 'FusedMatMul') ?? editor.producer(name, 'MatMul'),
    )
    const alpha = product && editor.scalar(factor)
    if (alpha === undefined || editor.uses(product!.outputs[0]!) !== 1) continue
    if (editor.spec(factor).shape.length > 0) continue
    const before = (product!.attributes['alpha'] as { float: number } | undefined)?.float ?? 1
    editor.replace(product!)
    editor.replace(scaled, {
      ...product!,
      op: 'FusedMatMul',
      domain: 'com.microsoft',
      outputs: scaled.outputs,
      attributes: { transA: 0, transB: 0, ...product!.attributes, alpha: { float: before * alpha } },
    })
  }
}

/** The operand that `find` knows, and the other one. */
function pick(
  node: OnnxNode,
  find: (name: string) => OnnxNode | undefined,
): [OnnxNode, string] | [undefined, string] {
  const [a, b] = node.inputs as [string, string]
  const left = find(a)
  if (left) return [left, b]
  const right = find(b)
  return right ? [right, a] : [undefined, a]
}

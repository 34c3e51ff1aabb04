import type { GraphEditor } from './graph-editor'

/** A product that nothing but a transposition reads becomes that of its factors exchanged. */
export function foldTransposed(editor: GraphEditor): void {
  for (const transposed of editor.all()) {
    if (transposed.op !== 'Transpose') continue
    const product = editor.producer(transposed.inputs[0]!, 'Gemm')
    if (product?.inputs.length !== 2 || editor.uses(product.outputs[0]!) !== 1) continue
    const { transA, transB, ...others } = product.attributes
    editor.replace(product)
    editor.replace(transposed, {
      ...product,
      inputs: [...product.inputs].reverse(),
      outputs: transposed.outputs,
      attributes: { ...others, transA: 1 - Number(transB), transB: 1 - Number(transA) },
    })
  }
}

/** From so many columns of the right factor on, a transposed copy of the left one takes less time than it saves. */
const WORTH_A_COPY = 256

/**
 * In `x^T y`, as every gradient of weights is, `x` is transposed once: within the product ONNX Runtime would do it for
 * each block of its columns again. Measured in `docs/decisions/0009-compile.md`.
 */
export function transposeFirst(editor: GraphEditor): void {
  for (const product of editor.all()) {
    if (product.op !== 'Gemm' || product.attributes['transA'] !== 1) continue
    const columns = editor.spec(product.outputs[0]!).shape[1]!
    // Of free lengths are the rows of a batch, over which the product sums; it is no gradient where its columns are.
    if (typeof columns === 'string' || columns < WORTH_A_COPY) continue
    const [left, ...others] = product.inputs as [string, ...string[]]
    const { type, shape } = editor.spec(left)
    const copy = editor.fresh(`${product.outputs[0]}_left`, { type, shape: [...shape].reverse() })
    editor.replace(
      product,
      { ...product, op: 'Transpose', inputs: [left], outputs: [copy], attributes: { perm: [1, 0] } },
      { ...product, inputs: [copy, ...others], attributes: { ...product.attributes, transA: 0 } },
    )
  }
}

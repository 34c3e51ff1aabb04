import type { GraphEditor } from './graph-editor'

/** A product that nothing but a transposition reads becomes that of its factors exchanged, and so do those of a sum. */
export function foldTransposed(editor: GraphEditor): void {
  for (const transposed of editor.all()) {
    if (transposed.op !== 'Transpose' || !isTurned(transposed.inputs[0]!, editor)) continue
    editor.replace(transposed)
    turn(transposed.inputs[0]!, transposed.outputs[0]!, editor)
  }
}

/** Whether only one node reads a tensor, and it is a product or a sum of such. */
function isTurned(name: string, editor: GraphEditor): boolean {
  if (editor.uses(name) !== 1) return false
  const sum = editor.producer(name, 'Add')
  if (sum) return sum.inputs.every(input => isTurned(input, editor))
  return editor.producer(name, 'Gemm')?.inputs.length === 2
}

/** Makes a product, or a sum of products, under another name with its axes exchanged. */
function turn(name: string, output: string, editor: GraphEditor): void {
  const sum = editor.producer(name, 'Add')
  if (sum) {
    const inputs = sum.inputs.map(input => {
      const { type, shape } = editor.spec(input)
      const turned = editor.fresh(`${input}_turned`, { type, shape: [...shape].reverse() })
      turn(input, turned, editor)
      return turned
    })
    editor.replace(sum, { ...sum, inputs, outputs: [output] })
    return
  }
  const product = editor.producer(name, 'Gemm')!
  const { transA, transB, ...others } = product.attributes
  editor.replace(product, {
    ...product,
    inputs: [...product.inputs].reverse(),
    outputs: [output],
    attributes: { ...others, transA: 1 - Number(transB), transB: 1 - Number(transA) },
  })
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

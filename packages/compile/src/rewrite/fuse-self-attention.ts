import type { OnnxNode } from '../graph/onnx-graph'
import type { GraphEditor } from './graph-editor'

/** Attention of a sequence to itself, as it is recorded. */
interface SelfAttention {
  /** Query, key and value as rows, `[batch * tokens, hidden]`. */
  rows: readonly string[]
  heads: number
  /** What a product of a query and a key is multiplied by. */
  scale: number
  /** `[batch, 1, 1, tokens]`, added to the scores; none where nothing is masked. */
  bias: string | undefined
}

/**
 * `softmax(Q K^T scale + bias) V` of a sequence and itself in one node, to the same numbers. Attention of one sequence to
 * another stays as it is, and so does one whose scores or weights somebody reads.
 */
export function fuseSelfAttention(editor: GraphEditor): void {
  const widened = new Map<string, string>()
  for (const merged of editor.all()) {
    const found = merged.op === 'Reshape' ? match(merged, editor) : undefined
    if (!found) continue
    const [context, sizes] = [merged.outputs[0]!, merged.inputs[1]!]
    const parts = found.rows.map((rows): OnnxNode => {
      const part = editor.fresh(`${context}_part`, editor.spec(context))
      return { ...merged, inputs: [rows, sizes], outputs: [part] }
    })
    const inputs = parts.map(({ outputs }) => outputs[0]!)
    if (found.bias !== undefined) {
      const wide = widened.get(found.bias) ?? widen(found.bias, editor)
      widened.set(found.bias, wide)
      inputs.push('', '', wide)
    }
    const attributes = { num_heads: found.heads, scale: { float: found.scale } }
    editor.replace(merged, ...parts, {
      ...merged,
      op: 'MultiHeadAttention',
      domain: 'com.microsoft',
      inputs,
      attributes,
    })
  }
}

/** `[batch, 1, tokens, tokens]` of `[batch, 1, 1, tokens]`: the operator wants a row for every token. */
function widen(bias: string, editor: GraphEditor): string {
  const { type, shape } = editor.spec(bias)
  const [batch, , , tokens] = shape as [number | string, 1, 1, number | string]
  const standard = (op: string, inputs: string[], output: string, attributes = {}): string => {
    editor.add({ op, domain: '', inputs, outputs: [output], attributes })
    return output
  }
  const [many, one] = [3, 2].map(axis => {
    const output = editor.fresh(`${bias}_length`, { type: 'int64', shape: [1] })
    return standard('Shape', [bias], output, { start: axis, end: axis + 1 })
  }) as [string, string]
  const sizes = editor.fresh(`${bias}_lengths`, { type: 'int64', shape: [2] })
  const wide = editor.fresh(`${bias}_wide`, { type, shape: [batch, 1, tokens, tokens] })
  return standard('Expand', [bias, standard('Concat', [many, one], sizes, { axis: 0 })], wide)
}

function match(merged: OnnxNode, editor: GraphEditor): SelfAttention | undefined {
  /** The node of that operator which makes what nobody else reads. */
  const made = (name: string | undefined, op: string, perm?: readonly number[]): OnnxNode | undefined => {
    const node = name === undefined || editor.uses(name) !== 1 ? undefined : editor.producer(name, op)
    return perm === undefined || `${node?.attributes['perm']}` === `${perm}` ? node : undefined
  }
  const context = made(made(merged.inputs[0], 'Transpose', [0, 2, 1, 3])?.inputs[0], 'MatMul')
  const weights = made(context?.inputs[0], 'Softmax')
  if (weights?.attributes['axis'] !== 3) return undefined
  const masked = made(weights.inputs[0], 'Add')
  const scores = (masked ?? weights).inputs[0]
  const scaled = made(scores, 'FusedMatMul')
  const product = scaled ?? made(scores, 'MatMul')
  const { transA = 0, transB = 0, alpha = { float: 1 } } = product?.attributes ?? {}
  if (transA !== 0 || transB !== 0) return undefined
  const splits = [
    made(product?.inputs[0], 'Transpose', [0, 2, 1, 3]),
    made(product?.inputs[1], 'Transpose', [0, 2, 3, 1]),
    made(context?.inputs[1], 'Transpose', [0, 2, 1, 3]),
  ].map(transpose => made(transpose?.inputs[0], 'Reshape'))
  const products = splits.map(split => made(split?.inputs[0], 'Gemm'))
  const [states] = products[0]?.inputs ?? []
  if (states === undefined || products.some(each => each?.inputs[0] !== states)) return undefined
  const shapeOf = (name: string): string => `${editor.spec(name).shape}`
  const [batch, tokens, heads, size] = editor.spec(splits[0]!.outputs[0]!).shape
  const isSplit = splits.every(split => shapeOf(split!.outputs[0]!) === `${[batch, tokens, heads, size]}`)
  if (!isSplit || shapeOf(merged.outputs[0]!) !== `${[batch, tokens, Number(heads) * Number(size)]}`)
    return undefined
  const bias = masked?.inputs[1]
  if (bias !== undefined && shapeOf(bias) !== `${[batch, 1, 1, tokens]}`) return undefined
  const rows = products.map(each => each!.outputs[0]!)
  return { rows, heads: Number(heads), scale: (alpha as { float: number }).float, bias }
}

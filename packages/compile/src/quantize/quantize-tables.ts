import type { OnnxGraph } from '../graph/onnx-graph'
import { GraphEditor } from '../rewrite/graph-editor'
import { Additions } from './additions'
import { standardNode } from './standard-node'
import { quantizeSymmetric } from './symmetric'

/** Rows below which a table stays float: there is nothing to save. */
const LEAST_ROWS = 1024

/** Brings tables that rows are taken from, such as word embeddings, to int8 with a scale per row: a quarter of the size. */
export function quantizeTables(
  graph: OnnxGraph,
  leastRows = LEAST_ROWS,
): { graph: OnnxGraph; count: number } {
  const tensors = new Map(graph.tensors)
  const editor = new GraphEditor({ ...graph, tensors })
  const additions = new Additions(tensors)
  let count = 0
  for (const node of editor.all()) {
    const [table, places] = node.inputs as [string, string]
    const constant = node.op === 'Gather' && !node.attributes['axis'] ? editor.constant(table) : undefined
    if (constant?.type !== 'float32' || constant.shape.length !== 2 || constant.shape[0]! < leastRows)
      continue
    // Whoever else reads the table, such as a product with it, still needs it whole.
    if (editor.uses(table) !== 1) continue
    count += 1
    const { data, scales } = quantizeSymmetric(constant.data as Float32Array, constant.shape, { axis: 0 })
    const { origin } = node
    const [y] = node.outputs as [string]
    const spec = editor.spec(y)
    const rows = additions.constant(`${table}_quantized`, 'int8', constant.shape, data)
    // One column, so that it spreads over the numbers of a row.
    const scale = additions.constant(`${table}_scale`, 'float32', [scales.length, 1], scales)
    const taken = additions.tensor(`${y}_quantized`, { ...spec, type: 'int8' })
    const floats = additions.tensor(`${y}_floats`, spec)
    const factors = additions.tensor(`${y}_scale`, {
      type: 'float32',
      shape: [...spec.shape.slice(0, -1), 1],
    })
    editor.replace(
      node,
      standardNode('Gather', [rows, places], taken, { attributes: { axis: 0 }, origin }),
      standardNode('Cast', [taken], floats, { attributes: { to: { type: 'float32' } }, origin }),
      standardNode('Gather', [scale, places], factors, { attributes: { axis: 0 }, origin }),
      standardNode('Mul', [floats, factors], y, { origin }),
    )
  }
  const finished = editor.finish()
  return {
    graph: { ...finished, initializers: [...finished.initializers, ...additions.initializers] },
    count,
  }
}

import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { GraphEditor } from '../rewrite/graph-editor'
import { Additions } from './additions'
import { standardNode } from './standard-node'
import { quantizeSymmetric, transposeBytes } from './symmetric'

/** Which matrix products become int8. */
export interface QuantizeProductsOptions {
  /** Columns of a weight below which its product stays float. @default 32 */
  leastColumns?: number
}

/** So many products of uint8 and int8 cannot leave the int32 that they are added up in. */
const MOST_ROWS = Math.floor((2 ** 31 - 1) / (255 * 127))

/** A matrix product with a weight that is known. */
interface Product {
  x: string
  weight: string
  /** Whether the weight is `[columns, rows]`. */
  isTransposed: boolean
  bias?: string
}

/**
 * Brings matrix products with constant weights to int8: the weights per column and once for all, the other factor at
 * every run from its own least and greatest number (`DynamicQuantizeLinear`). Written in standard ONNX, in the order in
 * which ONNX Runtime makes one operator of it. Products of two computed matrices, as in attention, stay float.
 */
export function quantizeProducts(
  graph: OnnxGraph,
  { leastColumns = 32 }: QuantizeProductsOptions = {},
): { graph: OnnxGraph; count: number } {
  const tensors = new Map(graph.tensors)
  const editor = new GraphEditor({ ...graph, tensors })
  const additions = new Additions(tensors)
  /** Factors and weights that are int8 already, by name. */
  const factors = new Map<string, { bytes: string; scale: string; zeroPoint: string; node: OnnxNode }>()
  const weights = new Map<string, { bytes: string; scale: string }>()

  const weightOf = ({ weight, isTransposed }: Product): { bytes: string; scale: string } => {
    const key = `${weight} ${isTransposed}`
    const known = weights.get(key)
    if (known) return known
    const { shape, data } = editor.constant(weight)!
    const [first, second] = shape as [number, number]
    const quantized = quantizeSymmetric(data as Float32Array, shape, { axis: isTransposed ? 0 : 1 })
    const bytes = isTransposed ? transposeBytes(quantized.data, first, second) : quantized.data
    const columns = isTransposed ? first : second
    const made = {
      bytes: additions.constant(
        `${weight}_quantized`,
        'int8',
        isTransposed ? [second, first] : [first, second],
        bytes,
      ),
      scale: additions.constant(`${weight}_scale`, 'float32', [columns], quantized.scales),
    }
    weights.set(key, made)
    return made
  }

  let count = 0
  for (const node of editor.all()) {
    const product = productOf(node, editor)
    if (!product) continue
    const { shape } = editor.constant(product.weight)!
    const [rows, columns] = (product.isTransposed ? [shape[1], shape[0]] : shape) as [number, number]
    if (columns < leastColumns || rows > MOST_ROWS) continue
    count += 1
    const known = factors.get(product.x)
    const factor = known ?? dynamicFactor(product.x, additions)
    factors.set(product.x, factor)
    const { bytes, scale } = weightOf(product)
    const { origin } = node
    const [y] = node.outputs as [string]
    const name = (suffix: string): string => additions.tensor(`${y}_${suffix}`, editor.spec(y))
    const sums = additions.tensor(`${y}_sums`, { ...editor.spec(y), type: 'int32' })
    const [floats, both] = [
      name('floats'),
      additions.tensor(`${y}_scale`, { type: 'float32', shape: [columns] }),
    ]
    const scaled = product.bias === undefined ? y : name('product')
    editor.replace(
      node,
      ...(known ? [] : [factor.node]),
      standardNode('MatMulInteger', [factor.bytes, bytes, factor.zeroPoint], sums, { origin }),
      standardNode('Cast', [sums], floats, { attributes: { to: { type: 'float32' } }, origin }),
      standardNode('Mul', [factor.scale, scale], both, { origin }),
      standardNode('Mul', [floats, both], scaled, { origin }),
      ...(product.bias === undefined ? [] : [standardNode('Add', [scaled, product.bias], y, { origin })]),
    )
  }
  const finished = editor.finish()
  return {
    graph: { ...finished, initializers: [...finished.initializers, ...additions.initializers] },
    count,
  }
}

function dynamicFactor(x: string, additions: Additions) {
  const bytes = additions.tensor(`${x}_quantized`, { type: 'uint8', shape: [] })
  const scale = additions.tensor(`${x}_scale`, { type: 'float32', shape: [] })
  const zeroPoint = additions.tensor(`${x}_zero_point`, { type: 'uint8', shape: [] })
  const outputs = [bytes, scale, zeroPoint]
  return {
    bytes,
    scale,
    zeroPoint,
    node: { op: 'DynamicQuantizeLinear', domain: '' as const, inputs: [x], outputs, attributes: {} },
  }
}

/** What of a node is a product with a constant matrix; nothing where it is more or less than that. */
function productOf({ op, inputs, attributes }: OnnxNode, editor: GraphEditor): Product | undefined {
  const [x, weight, bias] = inputs as [string, string, string | undefined]
  const constant = op === 'Gemm' || op === 'MatMul' ? editor.constant(weight) : undefined
  if (constant?.type !== 'float32' || constant.shape.length !== 2 || editor.constant(x)) return undefined
  if (op === 'MatMul') return { x, weight, isTransposed: false }
  const isScaled = attributes['alpha'] !== undefined || attributes['beta'] !== undefined
  if (isScaled || attributes['transA'] === 1) return undefined
  return { x, weight, isTransposed: attributes['transB'] === 1, ...(bias ? { bias } : {}) }
}

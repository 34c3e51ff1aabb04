import type { OnnxGraph, OnnxNode } from '../graph/onnx-graph'
import { type ChooseWeightType, levelsOf, typeFor } from '../graph/weight-type'
import { GraphEditor } from '../rewrite/graph-editor'
import { Additions } from './additions'
import { standardNode } from './standard-node'
import { quantizeSymmetric, transposeBytes } from './symmetric'

/** Which matrix products become int8, and how. */
export interface QuantizeProductsOptions {
  /** Columns of a weight below which its product stays float. @default 32 */
  leastColumns?: number | undefined
  /** The bytes of the weights. */
  weights: ChooseWeightType
}

/** So many products of bytes cannot leave the int32 that they are added up in. */
const MOST_ROWS = Math.floor((2 ** 31 - 1) / (255 * 127))

/** A matrix product with a weight that is known. */
export interface Product {
  node: OnnxNode
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
  { leastColumns, weights: chosen }: QuantizeProductsOptions,
): { graph: OnnxGraph; count: number } {
  const tensors = new Map(graph.tensors)
  const editor = new GraphEditor({ ...graph, tensors })
  const additions = new Additions(tensors)
  /** Factors and weights that are int8 already, by name. */
  const factors = new Map<string, { bytes: string; scale: string; zeroPoint: string; node: OnnxNode }>()
  const weights = new Map<string, { bytes: string; scale: string; zeroPoint: string[] }>()

  const weightOf = ({
    weight,
    isTransposed,
  }: Product): { bytes: string; scale: string; zeroPoint: string[] } => {
    const key = `${weight} ${isTransposed}`
    const known = weights.get(key)
    if (known) return known
    const { shape, data } = editor.constant(weight)!
    const [first, second] = shape as [number, number]
    const levels = levelsOf(typeFor(chosen, weight))
    const { storage } = levels
    const quantized = quantizeSymmetric(data as Float32Array, shape, { axis: isTransposed ? 0 : 1, levels })
    const bytes = isTransposed ? transposeBytes(quantized.data, first, second) : quantized.data
    const columns = isTransposed ? first : second
    const made = {
      bytes: additions.constant(
        `${weight}_quantized`,
        storage,
        isTransposed ? [second, first] : [first, second],
        bytes,
      ),
      scale: additions.constant(`${weight}_scale`, 'float32', [columns], quantized.scales),
      // Left out it is 0.
      zeroPoint:
        levels.zeroPoint === 0
          ? []
          : [additions.constant(`${weight}_zero_point`, storage, [], Uint8Array.of(levels.zeroPoint))],
    }
    weights.set(key, made)
    return made
  }

  let count = 0
  for (const product of productsOf(graph, leastColumns)) {
    const { node } = product
    const columns = editor.constant(product.weight)!.shape[product.isTransposed ? 0 : 1]!
    count += 1
    const known = factors.get(product.x)
    const factor = known ?? dynamicFactor(product.x, additions)
    factors.set(product.x, factor)
    const { bytes, scale, zeroPoint } = weightOf(product)
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
      standardNode('MatMulInteger', [factor.bytes, bytes, factor.zeroPoint, ...zeroPoint], sums, { origin }),
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

/** The matrix products of a graph that can become int8. */
export function productsOf(graph: OnnxGraph, leastColumns = 32): Product[] {
  const editor = new GraphEditor(graph)
  return graph.nodes.flatMap(node => {
    const product = productOf(node, editor)
    if (!product) return []
    const { shape } = editor.constant(product.weight)!
    const [rows, columns] = (product.isTransposed ? [shape[1], shape[0]] : shape) as [number, number]
    return columns < leastColumns || rows > MOST_ROWS ? [] : [product]
  })
}

/** What of a node is a product with a constant matrix; nothing where it is more or less than that. */
function productOf(node: OnnxNode, editor: GraphEditor): Product | undefined {
  const { op, inputs, attributes } = node
  const [x, weight, bias] = inputs as [string, string, string | undefined]
  const constant = op === 'Gemm' || op === 'MatMul' ? editor.constant(weight) : undefined
  if (constant?.type !== 'float32' || constant.shape.length !== 2 || editor.constant(x)) return undefined
  if (op === 'MatMul') return { node, x, weight, isTransposed: false }
  const isScaled = attributes['alpha'] !== undefined || attributes['beta'] !== undefined
  if (isScaled || attributes['transA'] === 1) return undefined
  return { node, x, weight, isTransposed: attributes['transB'] === 1, ...(bias ? { bias } : {}) }
}

import { InvalidArgumentError } from '@mafjs/tensor'
import { readTensors } from './external-tensors'
import type { StoredTensor } from './tensor-schema'

/** The numbers of a weight. */
export interface OnnxWeight {
  shape: number[]
  values: Float32Array
}

/** ONNX's numbers of the element types that weights have here. */
const [FLOAT32, UINT8, INT8, INT32] = [1, 2, 3, 6]

const shapeOf = ({ lengths = [] }: StoredTensor): number[] => lengths.map(length => Number(String(length)))

/** Bytes where they lie may begin anywhere; floats may not. */
const floatsOf = ({ raw }: StoredTensor): Float32Array => new Float32Array(Uint8Array.from(raw!).buffer)

const wholeOf = ({ raw, elementType }: StoredTensor): Int8Array | Uint8Array | Int32Array => {
  const bytes = Uint8Array.from(raw!)
  if (elementType === INT32) return new Int32Array(bytes.buffer)
  return elementType === INT8 ? new Int8Array(bytes.buffer) : bytes
}

/**
 * Bytes as the floats they stand for, `(byte - zero point) * scale`. Filters have scale and zero point per channel, the first axis;
 * tables a scale per row, in a column, so that it spreads over the row; products one per column, and one zero point at most.
 */
function restore(stored: StoredTensor, scale: StoredTensor, zeroPoint: StoredTensor | undefined): OnnxWeight {
  const shape = shapeOf(stored)
  const [bytes, scales] = [wholeOf(stored), floatsOf(scale)]
  const zeros = zeroPoint && wholeOf(zeroPoint)
  const isProduct =
    shapeOf(scale).length === 1 && (zeroPoint === undefined || shapeOf(zeroPoint).length === 0)
  const [rows, inner] = [shape[0]!, bytes.length / shape[0]!]
  const channelOf = (i: number): number => (isProduct ? i % inner : Math.floor(i / inner))
  const values = Float32Array.from(
    bytes,
    (byte, i) => (byte - (zeros?.[isProduct ? 0 : channelOf(i)] ?? 0)) * scales[channelOf(i)]!,
  )
  if (!isProduct) return { shape, values }
  // It lies as it is multiplied with; PyTorch's layout, which parameters have, is the other way round.
  const turned = new Float32Array(values.length)
  for (const [i, value] of values.entries()) turned[(i % inner) * rows + Math.floor(i / inner)] = value
  return { shape: [inner, rows], values: turned }
}

/**
 * The weights of a model that `exportGraph` or `createQuantizer` made, by the names of the parameters; what became bytes is turned
 * back to float32, and differs from what it was by the rounding alone.
 *
 * @param model the bytes of a `.onnx` file with all its numbers within
 * @param name what the model is called in errors. @default 'model'
 * @returns the weights, and the names of those that were bytes
 * @throws InvalidArgumentError for bytes that are no model, or have numbers outside of them.
 */
export function onnxWeights(
  model: Uint8Array,
  name = 'model',
): { weights: Record<string, OnnxWeight>; restored: string[] } {
  const { message, external } = readTensors(model, name)
  if (external.length > 0) {
    throw new InvalidArgumentError({
      argument: name,
      rule: 'must hold all its numbers',
      received: `${external.length} tensors beside it`,
      fix: 'Move them into it with embedExternal.',
    })
  }
  const { initializers = [] } =
    (message as unknown as { graph?: { initializers?: StoredTensor[] } }).graph ?? {}
  const byName = new Map(initializers.map(tensor => [tensor.name ?? '', tensor]))
  const weights: Record<string, OnnxWeight> = Object.create(null)
  const bytes: string[] = []
  for (const [key, tensor] of byName) {
    const parameter = key.replace(/_quantized$/, '')
    const scale = byName.get(`${parameter}_scale`)
    if (parameter !== key && scale && [UINT8, INT8, INT32].includes(tensor.elementType!)) {
      weights[parameter] = restore(tensor, scale, byName.get(`${parameter}_zero_point`))
      bytes.push(parameter)
    } else if (tensor.elementType === FLOAT32 && !/_scale$/.test(key)) {
      weights[key] = { shape: shapeOf(tensor), values: floatsOf(tensor) }
    }
  }
  return { weights, restored: bytes.sort() }
}

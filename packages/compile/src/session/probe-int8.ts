import { sizeOf, zerosOf } from '../graph/element-types'
import { encodeModel } from '../graph/encode-model'
import type { Initializer, OnnxGraph, OnnxNode, TensorSpec } from '../graph/onnx-graph'
import { levelsOf, WEIGHT_TYPES, type WeightType } from '../graph/weight-type'
import { loadRuntime, type Runtime } from './load-runtime'
import { runtimeOptions } from './session-options'

/** What this processor and this ONNX Runtime make of products of bytes. */
export interface Int8Probe {
  /**
   * Whether plain sessions, as other programs make them, are wrong for weights of type `int8`: sums of two products saturate,
   * as on x64 processors without VNNI.
   */
  saturates: boolean
  /** Whether the sessions of this package compute products with weights of each type exactly. */
  exact: Record<WeightType, boolean>
}

/** Rows of the weights: pairs of products are what saturates, and some kernels take four or more at once. */
const ROWS = 64
const COLUMNS = 32
/** The greatest activation. */
const GREATEST = 255

let probing: Promise<Int8Probe> | undefined

/**
 * Computes one product of the greatest bytes with weights of every type and compares the whole numbers with what they must
 * be; once in a process, some milliseconds.
 *
 * @throws Error where ONNX Runtime cannot be loaded, or cannot multiply bytes.
 */
export function probeInt8(): Promise<Int8Probe> {
  probing ??= loadRuntime().then(probe)
  return probing
}

async function probe(runtime: Runtime): Promise<Int8Probe> {
  const plain = await compute(runtime, { exactBytes: false })
  return plain.int8
    ? { saturates: false, exact: plain }
    : { saturates: true, exact: await compute(runtime, { exactBytes: true }) }
}

/** Whether the product of each weight type comes out right. */
async function compute(
  runtime: Runtime,
  bytes: Parameters<typeof runtimeOptions>[1],
): Promise<Record<WeightType, boolean>> {
  const options = runtimeOptions({ threads: 1 }, bytes)
  const session = await runtime.InferenceSession.create(encodeModel(productOfGreatest()), options)
  try {
    const x = new runtime.Tensor('uint8', new Uint8Array(ROWS).fill(GREATEST), [1, ROWS])
    const results = await session.run({ x })
    const isExact = (type: WeightType): boolean => {
      const expected = ROWS * GREATEST * levelsOf(type).greatest
      return (results[type]!.data as Int32Array).every(sum => sum === expected)
    }
    return { int7: isExact('int7'), uint8: isExact('uint8'), int8: isExact('int8') }
  } finally {
    await session.release()
  }
}

/** `x` times a weight of each type, in which every number is the greatest there is. */
function productOfGreatest(): OnnxGraph {
  const tensors = new Map<string, TensorSpec>()
  const initializers: Initializer[] = []
  const describe = <Spec extends TensorSpec>(spec: Spec): Spec => {
    tensors.set(spec.name, spec)
    return spec
  }
  const constant = (name: string, type: 'int8' | 'uint8', shape: number[], value: number): string => {
    const data = (zerosOf(type, sizeOf(shape)) as Int8Array | Uint8Array).fill(value)
    initializers.push(describe({ name, type, shape, data }))
    return name
  }
  const x = describe({ name: 'x', type: 'uint8', shape: ['batch', ROWS] })
  const zero = constant('zero point of x', 'uint8', [], 0)
  const outputs = WEIGHT_TYPES.map(type => describe({ name: type, type: 'int32', shape: ['batch', COLUMNS] }))
  const nodes = WEIGHT_TYPES.map((type): OnnxNode => {
    const { storage, greatest, zeroPoint } = levelsOf(type)
    const weight = constant(`weight of ${type}`, storage, [ROWS, COLUMNS], greatest + zeroPoint)
    const inputs = [x.name, weight, zero, constant(`zero point of ${type}`, storage, [], zeroPoint)]
    return { op: 'MatMulInteger', domain: '', inputs, outputs: [type], attributes: {} }
  })
  return { nodes, inputs: [x], outputs, initializers, tensors }
}

/** What a probe of products of bytes found, in a sentence. */
export const describeProbe = ({ saturates }: Int8Probe): string =>
  saturates
    ? 'products with 8-bit weights saturate on this processor, which has no VNNI: ONNX Runtime is told to compute them ' +
      'exactly, and slower; with 7-bit weights they fit'
    : 'products are exact on this processor'

import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { withOrigin } from '../graph/nodes'
import { type Origin, originHere } from '../graph/origin'
import type { Value } from '../graph/value'
import { BACKEND_NAME, type OnnxBackend } from '../record/onnx-backend'

/** The inputs of a kernel by name; a list has the names 0, 1, 2, ... */
export type KernelInputs = Record<string, Value>

/** Writes a kernel as nodes. */
export type Lowering<Attributes> = (inputs: KernelInputs, attributes: Attributes) => Value | Value[]

const lowered = new Map<string, Lowering<never>>()

/** Adds the lowering of a tfjs kernel. */
export function lower<Attributes = Record<string, never>>(
  kernel: string,
  lowering: Lowering<Attributes>,
): void {
  lowered.set(kernel, lowering as Lowering<never>)
}

/** The names of all kernels that are lowered, in alphabetical order. */
export const loweredKernels = (): string[] => [...lowered.keys()].sort()

/** Every kernel tfjs-core knows: its constants whose name is their value. */
const allKernels = (): string[] =>
  Object.entries(tf)
    .filter(([name, value]) => typeof value === 'string' && (value === name || value === `_${name}`))
    .map(([, value]) => value as unknown as string)

const origins = new WeakMap<tf.DataId, Origin>()

/** Where the program called the kernel that gave a tensor. */
export const originOf = ({ dataId }: tf.TensorInfo): Origin | undefined => origins.get(dataId)

/** Registers every kernel of tfjs-core for the onnx backend; those that are not lowered throw an error that says so. */
export function registerKernels(): void {
  for (const kernelName of new Set([...allKernels(), ...lowered.keys()])) {
    const lowering = lowered.get(kernelName) as Lowering<tf.NamedAttrMap> | undefined
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: ({ inputs, attrs, backend }) => {
        if (kernelName === 'Identity') return (backend as OnnxBackend).share(inputs['x']!)
        const origin = originHere(kernelName)
        if (!lowering) throw notLowered(origin)
        const outputs = record(backend as OnnxBackend, inputs, values =>
          withOrigin(origin, () => lowering(values, attrs ?? {})),
        )
        for (const { dataId } of [outputs].flat()) origins.set(dataId, origin)
        return outputs
      },
    })
  }
}

function record(
  backend: OnnxBackend,
  inputs: tf.NamedTensorInfoMap,
  lowering: (inputs: KernelInputs) => Value | Value[],
): tf.TensorInfo | tf.TensorInfo[] {
  const values: KernelInputs = Object.create(null)
  for (const [name, info] of Object.entries(inputs)) if (info) values[name] = backend.recordedValue(info)
  const outputs = lowering(values)
  return Array.isArray(outputs) ? outputs.map(value => backend.output(value)) : backend.output(outputs)
}

const notLowered = (origin: Origin): CompileError =>
  SHAPED_BY_DATA.test(origin.kernel)
    ? new CompileError({
        what: `The shape of what the tfjs kernel ${origin.kernel} gives depends on data, which a recorded program cannot have`,
        origin,
        fix: 'Compute it outside the compiled function and give the result as an input, or keep every row and use a mask.',
      })
    : new CompileError({
        what: `The tfjs kernel ${origin.kernel} has no ONNX lowering yet`,
        origin,
        fix: 'Compute it outside the compiled function, or run the function on another tfjs backend, such as wasm or cpu.',
      })

/** Kernels whose results are as long as the data make them. */
const SHAPED_BY_DATA =
  /^(Unique|Where|NonMaxSuppressionV\d|SparseFillEmptyRows|SparseReshape|RaggedGather|RaggedRange)$/

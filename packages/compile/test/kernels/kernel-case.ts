import * as tf from '@tensorflow/tfjs-core'
import { type Sample, tensorOf } from './sample'

/** One call of a kernel. */
export interface KernelCase {
  inputs: Readonly<Record<string, Sample>> | readonly Sample[]
  attributes?: Readonly<Record<string, unknown>>
  /** Relative to the greatest number of the output. @default 1e-5 */
  tolerance?: number
  /** What comes out, where tfjs's cpu backend lacks the kernel. */
  oracle?: () => Sample
}

/** Calls by kernel. */
export type KernelCases = Readonly<Record<string, readonly KernelCase[]>>

/** What a kernel gave. */
export interface Output {
  shape: number[]
  dtype: string
  values: number[]
}

/** Runs kernels on one backend, all of them before the first is read: a recording backend then computes all at once. */
export async function runCases(
  backend: string,
  calls: readonly { kernel: string; call: KernelCase }[],
): Promise<Output[][]> {
  await tf.setBackend(backend)
  const results = calls.map(({ kernel, call: { inputs, attributes, oracle } }) => {
    if (oracle && !tf.getKernel(kernel, backend)) return [tensorOf(oracle())]
    const tensors = Array.isArray(inputs)
      ? inputs.map(tensorOf)
      : Object.fromEntries(Object.entries(inputs).map(([name, sample]) => [name, tensorOf(sample)]))
    const result = tf.engine().runKernel(kernel, tensors as tf.NamedTensorMap, attributes as tf.NamedAttrMap)
    return Array.isArray(result) ? result : [result]
  })
  const outputs: Output[][] = []
  for (const result of results) {
    const one: Output[] = []
    for (const tensor of result) {
      one.push({ shape: tensor.shape, dtype: tensor.dtype, values: Array.from(await tensor.data()) })
    }
    outputs.push(one)
  }
  return outputs
}

/** How far numbers are from those expected, relative to the greatest of them; infinite where one is odd and the other not. */
export function distance(actual: readonly number[], expected: readonly number[]): number {
  const finite = expected.filter(Number.isFinite).map(Math.abs)
  const scale = finite.reduce((greatest, number) => Math.max(greatest, number), 1e-3)
  return expected.reduce((worst, number, i) => {
    const other = actual[i]!
    if (Object.is(number, other) || number === other) return worst
    if (!Number.isFinite(number) || !Number.isFinite(other)) return Number.POSITIVE_INFINITY
    return Math.max(worst, Math.abs(number - other) / scale)
  }, 0)
}

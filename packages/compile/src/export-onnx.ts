import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { encodeModel } from './graph/encode-model'
import type { OnnxGraph } from './graph/onnx-graph'
import { CapturedReader, readData } from './program/captured'
import { withConstants } from './program/with-constants'
import { EXPORT_PROFILES, type OptimizeOptions, optimize } from './rewrite/optimize'
import { recordProgram } from './trace/record-program'

/** An input of an exported program: a name instead of a length is a dimension of any length. */
export interface InputSignature {
  shape: readonly (number | string)[]
  /** @default 'float32' */
  dtype?: 'float32' | 'int32' | 'bool'
}

/** How a program is exported. */
export interface ExportOnnxOptions extends OptimizeOptions {
  /** The greatest length of a dimension, where the function checks it. @default no limit */
  largest?: Readonly<Record<string, number>> | undefined
  /** What the parameters are called in the file. @default their names for tfjs */
  parameters?: Readonly<Record<string, tf.Variable>> | undefined
  /** Strings that travel with the model. @default none */
  metadata?: Readonly<Record<string, string>> | undefined
}

/** Stands for every symbolic dimension until it is recorded as a prime. */
const ANY_LENGTH = 2

/**
 * Records a function as a graph whose parameters are part of it, with symbolic dimensions.
 *
 * @param signature the function's inputs, a record of any depth
 * @throws CompileError for what cannot be recorded.
 * @throws InvalidArgumentError for an unknown profile.
 */
export async function exportGraph(
  fn: (inputs: never) => unknown,
  signature: object,
  { largest, parameters = {}, profile }: ExportOnnxOptions = {},
): Promise<OnnxGraph> {
  if (profile !== undefined && !EXPORT_PROFILES.includes(profile)) {
    throw new InvalidArgumentError({
      argument: 'profile',
      rule: `must be ${EXPORT_PROFILES.join(' or ')}`,
      received: profile,
      fix: 'Leave it out for a graph without fused attention.',
    })
  }
  const axes = new Map<string, (string | null)[]>()
  const inputs = placeholders(signature, '', axes)
  const names = new Map(Object.entries(parameters).map(([name, variable]) => [variable, name]))
  try {
    const { trace, graph } = recordProgram(given => fn(given as never), inputs, {
      dynamic: { axes: Object.fromEntries(axes), largest },
      nameOf: variable => names.get(variable) ?? variable.name,
    })
    const values = await new CapturedReader(trace.variables).values()
    const constants = trace.constants.map(
      async ({ name, dataId, value }) => [name, await readData(dataId, value)] as const,
    )
    const complete = { ...values, ...Object.fromEntries(await Promise.all(constants)) }
    return optimize(withConstants(graph, complete), { profile })
  } finally {
    tf.dispose(inputs as tf.TensorContainer)
  }
}

/**
 * Exports a function as the bytes of a `.onnx` file.
 *
 * @throws CompileError for what cannot be recorded.
 * @throws InvalidArgumentError for an unknown profile.
 */
export async function exportOnnx(
  fn: (inputs: never) => unknown,
  signature: object,
  options: ExportOnnxOptions = {},
): Promise<Uint8Array> {
  return encodeModel(await exportGraph(fn, signature, options), { metadata: options.metadata })
}

const isSignature = (value: unknown): value is InputSignature =>
  typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape)

/** Arrays in the place of signatures, and the symbolic axes by path. */
function placeholders(tree: unknown, path: string, axes: Map<string, (string | null)[]>): unknown {
  if (!isSignature(tree)) {
    if (typeof tree !== 'object' || tree === null) return tree
    return Object.fromEntries(
      Object.entries(tree).map(([name, value]) => [
        name,
        placeholders(value, path ? `${path}.${name}` : name, axes),
      ]),
    )
  }
  const { shape, dtype = 'float32' } = tree
  axes.set(
    path,
    shape.map(length => (typeof length === 'string' ? length : null)),
  )
  return tf.zeros(
    shape.map(length => (typeof length === 'string' ? ANY_LENGTH : length)),
    dtype,
  )
}

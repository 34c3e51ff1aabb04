import { withLifetime } from '@mafjs/tensor/lifetime'
import { fromHalf, toHalf } from '@mafjs/tensor/safetensors'
import type { InferenceSession, Tensor } from 'onnxruntime-common'
import { type ElementType, type Numbers, numbersOf } from '../graph/element-types'
import { createRuntimeSession } from './create-runtime-session'
import type { Runtime } from './load-runtime'
import { openInThread } from './model-thread'
import type { Feed, HostTensor, Session } from './session'
import type { SessionOptions, ThreadOptions } from './session-options'

/** An input or an output as a model declares it. */
export interface DeclaredInput {
  name: string
  /** ONNX Runtime's name of its element type, such as `float32`. */
  type: string
  /** A length, or the name of a dimension of any length, which may be empty. */
  shape: readonly (number | string)[]
}

/** A model that ONNX Runtime holds ready. */
export interface OpenedModel extends Session {
  /** What it declares of every input that is a tensor. */
  declared: readonly DeclaredInput[]
  /** What it declares of every output that is a tensor. */
  declaredOutputs: readonly DeclaredInput[]
  /** Names of what it reads. */
  inputs: readonly string[]
  /** Names of what it computes. */
  outputs: readonly string[]
}

/**
 * Gives a model to ONNX Runtime, in this thread or in one of its own.
 *
 * @param model the bytes of one, or the path of a file
 */
export async function openModel(
  model: Uint8Array | string,
  { worker = false, ...options }: ThreadOptions = {},
): Promise<OpenedModel> {
  const opened = await (worker ? openInThread(model, options) : openHere(model, options))
  return withLifetime(opened, { of: 'session', again: 'Open it again' })
}

/** Gives a model to ONNX Runtime in this thread; nothing may be under way when it is disposed. */
export async function openHere(model: Uint8Array | string, options: SessionOptions): Promise<OpenedModel> {
  const { runtime, session } = await createRuntimeSession(model, options)
  return openedSession(runtime, session)
}

/** A session of ONNX Runtime as a model that it holds ready; nothing may be under way when it is disposed. */
export function openedSession(runtime: Runtime, session: InferenceSession): OpenedModel {
  const types = session.inputMetadata.map(
    input => [input.name, (input.isTensor ? input.type : 'float32') as GivenType] as const,
  )
  const kept: Record<string, Tensor> = {}
  const tensorsOf = (feeds: Readonly<Record<string, Feed>>): Record<string, Tensor> =>
    Object.fromEntries(
      types
        .filter(([name]) => feeds[name])
        .map(([name, type]) => [name, tensorOf(runtime, type, feeds[name]!)]),
    )
  return {
    declared: declaredIn(session.inputMetadata),
    declaredOutputs: declaredIn(session.outputMetadata),
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, outputs = session.outputNames) {
      const results = await session.run({ ...kept, ...tensorsOf(feeds) }, outputs)
      return Object.fromEntries(
        Object.entries(results).map(([name, result]) => [name, hostTensor(result as Tensor)]),
      )
    },
    async keep(feeds) {
      Object.assign(kept, tensorsOf(feeds))
    },
    dispose: () => session.release(),
  }
}

const declaredIn = (ports: InferenceSession['inputMetadata']): DeclaredInput[] =>
  ports.flatMap(port => (port.isTensor ? [{ name: port.name, type: port.type, shape: [...port.shape] }] : []))

/** What a model may read: numbers in half precision are given and handed out in single. */
type GivenType = ElementType | 'float16'

/** Numbers as ONNX Runtime takes them; but for those in half precision they are not copied. */
export function tensorOf(runtime: Runtime, type: GivenType, { data, shape }: Feed): Tensor {
  const numbers = type === 'float16' ? toHalf(Float32Array.from(data, Number)) : numbersOf(type, data)
  return new runtime.Tensor(type as 'float32', numbers as Float32Array, [...shape])
}

function hostTensor({ data, dims: shape, type }: Tensor): HostTensor {
  if (type !== 'float16') return { data: data as Numbers, shape, type: type as ElementType }
  // Bit patterns, but where the platform has numbers of that kind.
  const numbers = data instanceof Uint16Array ? fromHalf(data) : Float32Array.from(data as Float32Array)
  return { data: numbers, shape, type: 'float32' }
}

import { loadRuntime, registerOnnxBackend, type SessionOptions } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { type BackendName, useBackend } from './use-backend'

/** How models are computed: compiled for ONNX Runtime, or kernel by kernel on a tfjs backend. */
export const ENGINES = ['auto', 'onnx', 'tfjs'] as const

/** One of {@link ENGINES}. */
export type EngineName = (typeof ENGINES)[number]

/** Which engine computes, and how. */
export interface EngineOptions {
  /** `auto` takes onnx where ONNX Runtime is installed, else tfjs. @default 'auto' */
  engine?: EngineName
  /** The backend of the engine tfjs; asking for one is asking for that engine. @default 'auto' */
  backend?: BackendName
  /** Threads of the engine onnx; tfjs computes on one. @default one per core */
  threads?: number
}

/** The engine that was started. */
export type Engine =
  | { name: 'onnx'; session: SessionOptions }
  | {
      name: 'tfjs'
      backend: string
      /** Why it is not onnx, where nobody asked for tfjs. */
      reason?: string
    }

/**
 * Starts an engine: the tfjs backend that tensors live on from now on, and the gradients training needs.
 *
 * @throws InvalidArgumentError for an engine it does not know, options of the other engine, or an engine onnx without
 * ONNX Runtime.
 * @throws Error when a tfjs backend does not start.
 */
export async function useEngine({
  engine = 'auto',
  backend = 'auto',
  threads,
}: EngineOptions = {}): Promise<Engine> {
  if (!ENGINES.includes(engine)) {
    throw new InvalidArgumentError({
      argument: 'engine',
      rule: `must be one of ${ENGINES.join(', ')}`,
      received: engine,
    })
  }
  if (engine === 'onnx' && backend !== 'auto') {
    throw new InvalidArgumentError({
      argument: 'backend',
      rule: 'must be left out with the engine onnx, which has one of its own',
      received: backend,
      fix: 'Ask for the engine tfjs, or for no backend.',
    })
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new InvalidArgumentError({
      argument: 'threads',
      rule: 'must be a whole number above 0',
      received: threads,
    })
  }
  const isTfjsWanted = engine === 'tfjs' || backend !== 'auto'
  const reason = isTfjsWanted ? undefined : await whatOnnxLacks()
  if (!isTfjsWanted && reason === undefined) return startOnnx({ threads })
  if (engine === 'onnx') {
    throw new InvalidArgumentError({
      argument: 'engine',
      rule: 'may be onnx only where ONNX Runtime can be loaded',
      received: `onnx (${reason})`,
      fix: 'Install it with npm install onnxruntime-node, or ask for the engine tfjs.',
    })
  }
  if (threads !== undefined) {
    throw new InvalidArgumentError({
      argument: 'threads',
      rule: 'must be left out with the engine tfjs, which computes on one',
      received: threads,
      fix:
        reason === undefined
          ? 'Ask for the engine onnx.'
          : 'Install ONNX Runtime: npm install onnxruntime-node.',
    })
  }
  return { name: 'tfjs', backend: await useBackend(backend), ...(reason !== undefined && { reason }) }
}

/** An engine in one line, for a person. */
export function describeEngine(engine: Engine): string {
  if (engine.name === 'tfjs') {
    const why =
      engine.reason === undefined ? '' : ` (slower; for onnx: npm install onnxruntime-node; ${engine.reason})`
    return `Engine: tfjs, backend ${engine.backend}${why}`
  }
  const { threads } = engine.session
  return `Engine: onnx${threads === undefined ? '' : `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`}`
}

async function startOnnx(session: SessionOptions): Promise<Engine> {
  // tfjs greets Node users with an advertisement for another backend otherwise.
  tf.env().set('PROD', true)
  registerOnnxBackend(session)
  await tf.setBackend('onnx')
  registerGradients()
  return { name: 'onnx', session }
}

/** Why ONNX Runtime cannot be loaded, or nothing where it can. */
async function whatOnnxLacks(): Promise<string | undefined> {
  try {
    await loadRuntime()
    return undefined
  } catch (error) {
    const { cause = error } = error as Error
    return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.replace(/\.$/, '')
  }
}

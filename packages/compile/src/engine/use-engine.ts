import { InvalidArgumentError } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { registerOnnxBackend } from '../register-onnx-backend'
import { assertRuntime } from '../session/load-runtime'
import type { ThreadOptions } from '../session/session-options'
import { assertThreads, availableThreads } from '../session/thread-count'
import { INSTALL_RUNTIME } from './install-runtime'
import { isTensorflowOnGpu, tensorflowThreads } from './load-tfjs-node'
import { type BackendName, chooseBackend, useBackend } from './use-backend'

/** How models are computed: compiled for ONNX Runtime, or kernel by kernel on a tfjs backend. */
export const ENGINES = ['auto', 'onnx', 'tfjs'] as const

/** What computes a model. */
export type EngineName = (typeof ENGINES)[number]

/** Which engine computes, and how. */
export interface EngineOptions {
  /** `auto` takes onnx where ONNX Runtime is installed, else tfjs. @default 'auto' */
  engine?: EngineName | undefined
  /** The backend of the engine tfjs; asking for one is asking for that engine. @default 'auto' */
  backend?: BackendName | undefined
  /** Threads of the engine onnx and of the backend `tensorflow`; the other backends compute on one. @default one for each processor that this process may use */
  threads?: number | undefined
  /**
   * For the engine onnx: whether models run and are trained in threads of their own, which leaves this one free; `auto` does so
   * where the engine is onnx.
   * @default false
   */
  worker?: boolean | 'auto' | undefined
}

/** The engine that was started. */
export type Engine =
  | { name: 'onnx'; session: ThreadOptions }
  | {
      name: 'tfjs'
      backend: string
      /** What the backend `tensorflow` computes on. */
      device?: 'CPU' | 'GPU'
      /** Threads of the backend `tensorflow`. */
      threads?: number
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
  worker = false,
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
  if (threads !== undefined) assertThreads(threads)
  const isTfjsWanted = engine === 'tfjs' || backend !== 'auto'
  const reason = isTfjsWanted ? undefined : await whatOnnxLacks()
  if (!isTfjsWanted && reason === undefined)
    return startOnnx({ threads: threads ?? availableThreads(), worker: worker !== false })
  if (engine === 'onnx') {
    throw new InvalidArgumentError({
      argument: 'engine',
      rule: 'may be onnx only where ONNX Runtime can be loaded',
      received: `onnx (${reason})`,
      fix: `Install it with ${INSTALL_RUNTIME}, or ask for the engine tfjs.`,
    })
  }
  const fix = reason === undefined ? 'Ask for the engine onnx.' : `Install ONNX Runtime: ${INSTALL_RUNTIME}.`
  const chosen = chooseBackend(backend)
  if (threads !== undefined && chosen !== 'tensorflow') {
    throw new InvalidArgumentError({
      argument: 'threads',
      rule: `must be left out with the engine tfjs on ${chosen}, which computes on one`,
      received: threads,
      fix,
    })
  }
  if (worker === true) {
    throw new InvalidArgumentError({
      argument: 'worker',
      rule: 'must be left out with the engine tfjs, which computes in this thread',
      received: worker,
      fix,
    })
  }
  return {
    name: 'tfjs',
    backend: await useBackend(chosen, { threads }),
    ...(chosen === 'tensorflow' && {
      device: isTensorflowOnGpu() ? 'GPU' : 'CPU',
      threads: tensorflowThreads(),
    }),
    ...(reason !== undefined && { reason }),
  }
}

/** How ONNX Runtime runs what only it can run, on either engine. */
export const sessionOf = (engine: Engine): ThreadOptions => (engine.name === 'onnx' ? engine.session : {})

/** Threads that compute, of all that an engine may start. */
export const threadsOf = (engine: Engine): number =>
  (engine.name === 'onnx' ? engine.session.threads : engine.threads) ?? availableThreads()

const counted = (threads: number | undefined): string =>
  threads === undefined ? '' : `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`

/** An engine in one line, for a person. */
export function describeEngine(engine: Engine): string {
  if (engine.name === 'tfjs') {
    const why = engine.reason === undefined ? '' : ` (slower; for onnx: ${INSTALL_RUNTIME}; ${engine.reason})`
    const device = engine.device === undefined ? '' : ` on the ${engine.device}`
    return `Engine: tfjs, backend ${engine.backend}${device}${counted(engine.threads)}${why}`
  }
  const { threads, worker } = engine.session
  return `Engine: onnx${counted(threads)}${worker ? ', in a worker' : ''}`
}

async function startOnnx(session: ThreadOptions): Promise<Engine> {
  // tfjs greets Node users with an advertisement for another backend otherwise.
  tf.env().set('PROD', true)
  const { worker: _, ...here } = session
  registerOnnxBackend(here)
  await tf.setBackend('onnx')
  registerGradients()
  return { name: 'onnx', session }
}

/** Why ONNX Runtime cannot be loaded, or nothing where it can. */
async function whatOnnxLacks(): Promise<string | undefined> {
  try {
    await assertRuntime()
    return undefined
  } catch (error) {
    const { cause = error } = error as Error
    return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]!.replace(/\.$/, '')
  }
}

import { withLifetime } from '@mafjs/tensor/lifetime'
import * as tf from '@tensorflow/tfjs-core'
import { type Compiled, compile } from '../compile'
import { createQueue } from '../session/queue'
import type { DynamicShapes } from '../trace/record-program'
import { type Given, type HostArray, leavesOf } from '../trace/tree'
import { givenTensors, onBackend } from './given-tensors'
import type { Engine } from './use-engine'

/** A function on an engine: arrays in, arrays out. */
export interface Program<Inputs> {
  /**
   * The outputs by name, row-major. Calls at the same time are answered one after the other.
   *
   * @param dynamic the axes that may have any length, for the engine onnx. @default every shape is a program of its own
   */
  run(inputs: Inputs | Given<Inputs>, dynamic?: DynamicShapes): Promise<Record<string, HostArray>>
  /** Frees what was made to run the function, after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}

/** How a function is made to run; what the engine tfjs has no use for is left alone there. */
export interface ProgramOptions {
  /**
   * For the engine onnx: `constant` is fastest for variables that stay as they are, `input` for those in training, whose
   * every change would else cost a new session.
   * @default 'constant'
   */
  weights?: 'constant' | 'input' | undefined
}

/**
 * Makes a function of a record of tensors run on an engine that `useEngine` has started: compiled for ONNX Runtime, or
 * kernel by kernel on a tfjs backend.
 *
 * @throws CompileError, when it is run, for what cannot be recorded.
 */
export function createProgram<Inputs extends object>(
  engine: Engine,
  fn: (inputs: Inputs) => Record<string, tf.Tensor>,
  { weights }: ProgramOptions = {},
): Program<Inputs> {
  if (engine.name === 'tfjs') return eagerProgram(engine.backend, fn)
  const programs = new Map<string, Compiled<Inputs, unknown>>()
  const inTurn = createQueue()
  return withLifetime(
    {
      run: (inputs, dynamic) =>
        inTurn(() => {
          const key = JSON.stringify(dynamic ?? null)
          const known = programs.get(key)
          if (known) return known.run(inputs) as Promise<Record<string, HostArray>>
          const made = compile(fn, {
            ...engine.session,
            ...(weights && { weights }),
            ...(dynamic && { dynamic }),
          })
          programs.set(key, made)
          // No function of tensors gives numbers of 64 bits.
          return made.run(inputs) as Promise<Record<string, HostArray>>
        }),
      async dispose() {
        await Promise.all([...programs.values()].map(program => program.dispose()))
      },
    },
    LIFETIME,
  )
}

const LIFETIME = { of: 'program', again: 'Create it again' }

function eagerProgram<Inputs extends object>(
  backend: string,
  fn: (inputs: Inputs) => Record<string, tf.Tensor>,
): Program<Inputs> {
  const apply = (given: Inputs | Given<Inputs>): Record<string, tf.Tensor> =>
    onBackend(backend, () => {
      const { inputs, made } = givenTensors(given)
      try {
        return tf.tidy(() => fn(inputs))
      } finally {
        tf.dispose(made)
      }
    })
  return withLifetime(
    {
      async run(given) {
        const outputs = apply(given)
        try {
          const read = leavesOf(outputs).map(async ({ path, tensor, shape }) => {
            const data = await tensor!.data()
            return [path, { data: data.slice(), shape }] as const
          })
          return Object.fromEntries(await Promise.all(read))
        } finally {
          tf.dispose(outputs)
        }
      },
      dispose: async () => {},
    },
    LIFETIME,
  )
}

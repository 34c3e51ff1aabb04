import {
  compileGradients,
  type HostArray,
  type OptimizerSpec,
  type RunKey,
  type ThreadOptions,
} from '@mafjs/compile'
import {
  createProgram,
  createTraining,
  type Engine,
  type EngineOptions,
  givenTensors,
  useEngine,
} from '@mafjs/compile/engine'
import type { CrfCheckOptions } from '@mafjs/crf'
import { type ApplyOptions, type Parameters, valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** Numbers with their shape: what both sides of every comparison are. */
export interface Values {
  shape: readonly number[]
  values: ArrayLike<number>
}

/** The options a module is applied with; no program reads labels to check them, since one that is recorded cannot. */
export type Applied = ApplyOptions & CrfCheckOptions

/** Computes a record of tensors from a record of tensors. */
export type Program<Inputs> = (inputs: Inputs, options: Applied) => Record<string, tf.Tensor>

/** The parts of a loss, of which `total` is differentiated. */
export type LossProgram<Inputs> = (
  inputs: Inputs,
  options: Applied,
) => { total: tf.Scalar } & Record<string, tf.Scalar>

/** What one step draws its dropout from. */
export type StepKey = RunKey & Pick<ApplyOptions, 'dropoutMask'>

/** Something that is made once and runs many times. */
export interface Repeated<Given extends unknown[], Result> {
  run(...given: Given): Promise<Result>
  dispose(): Promise<void>
}

/** What computes on an engine, the same programs on either. */
export interface Computer {
  /** A tree of arrays as the inputs of programs; the caller's own until `dispose`, where it is one of tensors. */
  inputs<Inputs extends object>(arrays: object): Inputs
  program<Inputs extends object>(program: Program<Inputs>): Repeated<[Inputs], Record<string, Values>>
  /** Losses by part and gradients by parameter; one that the loss does not reach has none. */
  gradients<Inputs extends object>(
    loss: LossProgram<Inputs>,
    parameters: Parameters,
  ): Repeated<[Inputs, StepKey?], { losses: Record<string, number>; gradients: Record<string, Values> }>
  /** Steps that give the losses before their update; once disposed, the parameters hold what was learned. */
  training<Inputs extends object>(
    loss: LossProgram<Inputs>,
    parameters: Parameters,
    optimizer: OptimizerSpec,
  ): Promise<Repeated<[Inputs, RunKey], Record<string, number>>>
}

/** The numbers of tensors by name, which are disposed. */
export async function takeValues(tensors: Record<string, tf.Tensor>): Promise<Record<string, Values>> {
  try {
    const read = Object.entries(tensors).map(
      async ([name, tensor]) =>
        [name, { shape: tensor.shape, values: (await tensor.data()).slice() }] as const,
    )
    return Object.fromEntries(await Promise.all(read))
  } finally {
    tf.dispose(tensors)
  }
}

const valuesOf = (results: Record<string, HostArray>): Record<string, Values> =>
  Object.fromEntries(
    // No program of ours gives 64-bit integers.
    Object.entries(results).map(([name, { data, shape }]) => [name, { values: data as Float32Array, shape }]),
  )

/** One step's parts of the loss and gradients, kernel by kernel on the active backend. */
async function differentiate<Inputs>(
  loss: LossProgram<Inputs>,
  parameters: Parameters,
  inputs: Inputs,
  key: StepKey = { seed: 0, step: 0 },
) {
  let parts: Record<string, tf.Tensor> = {}
  const { value, gradients } = valueAndGradients(() => {
    const losses = loss(inputs, { training: true, ...key })
    // What is not the value itself would go with the tape.
    parts = Object.fromEntries(Object.entries(losses).map(([name, part]) => [name, tf.keep(tf.clone(part))]))
    return losses.total
  }, parameters)
  value.dispose()
  const losses = Object.entries(await takeValues(parts)).map(([name, { values }]) => [name, values[0]!])
  return { losses: Object.fromEntries(losses) as Record<string, number>, gradients }
}

/** What computes on an engine that was started: as programs of ONNX Runtime, or kernel by kernel, which is slow and judges. */
export function computerOf(engine: Engine): Computer {
  const unread =
    <Inputs>(loss: LossProgram<Inputs>): LossProgram<Inputs> =>
    (inputs, options) =>
      loss(inputs, { ...options, checkValues: false })
  return {
    inputs: arrays => (engine.name === 'onnx' ? arrays : givenTensors(arrays).inputs) as never,
    program<Inputs extends object>(program: Program<Inputs>) {
      const made = createProgram(engine, (inputs: Inputs) => program(inputs, { checkValues: false }))
      return { run: async inputs => valuesOf(await made.run(inputs as never)), dispose: () => made.dispose() }
    },
    gradients(loss, parameters) {
      const compiled =
        engine.name === 'onnx' ? compileGradients(unread(loss), parameters, engine.session) : undefined
      return {
        async run(inputs, key) {
          const found = compiled
            ? await compiled(inputs, key)
            : await differentiate(unread(loss), parameters, inputs, key)
          return { losses: found.losses, gradients: await takeValues(found.gradients) }
        },
        dispose: async () => compiled?.dispose(),
      }
    },
    async training(loss, parameters, optimizer) {
      const made = await createTraining(engine, unread(loss), parameters, { optimizer })
      return {
        async run(inputs, key) {
          const { losses, applied } = await made.step(inputs, key)
          if (!applied) throw new Error('The step was not applied: a loss or a gradient is not finite.')
          return losses
        },
        dispose: () => made.dispose(),
      }
    },
  }
}

/** Programs that ONNX Runtime runs. */
export const compiledComputer = (session: ThreadOptions): Computer => computerOf({ name: 'onnx', session })

/** Kernel by kernel on the active tfjs backend. */
export const eagerComputer = (): Computer => computerOf({ name: 'tfjs', backend: tf.getBackend() })

/** Starts an engine and what computes on it. */
export async function startComputer(options: EngineOptions): Promise<{ engine: Engine; computer: Computer }> {
  const engine = await useEngine(options)
  return { engine, computer: computerOf(engine) }
}

/** Makes something, runs it once, and frees it. */
export async function once<Given extends unknown[], Result>(
  made: Repeated<Given, Result>,
  ...given: Given
): Promise<Result> {
  try {
    return await made.run(...given)
  } finally {
    await made.dispose()
  }
}

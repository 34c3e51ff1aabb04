import { InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import { withLifetime } from '@mafjs/tensor/lifetime'
import * as tf from '@tensorflow/tfjs-core'
import { totalMemory } from '#platform'
import { CompileError } from '../graph/compile-error'
import { feedsOf } from '../program/captured'
import { type Found, ProgramTable } from '../program/program-table'
import { guarded } from '../session/guarded'
import type { Feed } from '../session/session'
import { assertSessionOptions, type SessionOptions } from '../session/session-options'
import { checkInputs } from '../trace/check-inputs'
import { type LossFunction, type RecordedGradients, recordGradients } from '../trace/record-gradients'
import type { DynamicShapes } from '../trace/record-program'
import type { Given } from '../trace/tree'
import { startEngine } from './engine-thread'
import type { OptimizerSpec } from './optimizer-spec'
import type { EngineRun, RunKey } from './training-engine'
import { trainingProgram } from './training-program'

/** How a training is compiled. */
export interface CompileTrainingOptions extends SessionOptions {
  optimizer: OptimizerSpec
  /**
   * Whether steps run in a thread of their own, where the parameters then live: this one stays free for other work, and
   * the variables have the values of the last `synchronize`.
   * @default false
   */
  worker?: boolean | undefined
  /**
   * Bytes that the programs of all shapes may keep together between their runs; one that comes when they are used up
   * returns its own after each run, which is slower.
   * @default a quarter of the machine's memory
   */
  keptMemory?: number | undefined
  /** Is told, once, why a loss cannot be recorded with axes of any length. */
  onNote?: ((note: string) => void) | undefined
}

/** The parts of a loss as numbers, by name; `total` is what is minimised. */
export type LossValues = Record<string, number> & { total: number }

/** What one step did. */
export interface TrainingReport {
  /** Before the update. */
  losses: LossValues
  /** False where a loss or a gradient is not finite: then no parameter was changed. */
  applied: boolean
  learningRate: number
  /** Norm of all gradients together, before clipping. */
  gradientNorm: number
  /** Parameters whose gradient had a number other than 0. */
  reached: string[]
}

/** What a training needs to go on from where it is, by the names of the parameters that are trained. */
export interface TrainingState {
  /** Updates applied. */
  step: number
  /** Each parameter's values and Adam's two moments. */
  parameters: Record<
    string,
    { values: Float32Array; firstMoments: Float32Array; secondMoments: Float32Array }
  >
}

/** How one batch is computed. */
export interface BatchComputation {
  /**
   * The axes that may have any length: one program then serves them all, unless the loss computes with such a length.
   * @default every shape has a program of its own
   */
  dynamic?: DynamicShapes | undefined
}

/** How the gradients of one batch are used. */
export interface WeightedComputation extends BatchComputation {
  /** What the gradients are multiplied by: the batch's share of all that were accumulated with it. @default 1 */
  weight?: number | undefined
}

/** A compiled training. */
export interface CompiledTraining<Inputs> {
  /** Computes the losses and gradients of one batch and updates the parameters. */
  step(inputs: Inputs | Given<Inputs>, run: RunKey, options?: WeightedComputation): Promise<TrainingReport>
  /**
   * Computes the losses and gradients of one batch; the gradients, times their weight, are added to those of the next step.
   * Where a loss is not finite, that step will not be applied.
   */
  accumulate(inputs: Inputs | Given<Inputs>, run: RunKey, options?: WeightedComputation): Promise<LossValues>
  /** The parts of the loss of one batch, by the program of a step; nothing is updated. */
  losses(inputs: Inputs | Given<Inputs>, run: RunKey, options?: BatchComputation): Promise<LossValues>
  /** Gives the variables the values that the steps have left; before it they may have those already, or older ones. */
  synchronize(): Promise<void>
  /** Copies of all that the next step depends on, but for gradients that were accumulated. */
  state(): Promise<TrainingState>
  /**
   * Goes on from a state, the variables' values included.
   *
   * @throws InvalidArgumentError where it is not of the parameters that are trained here.
   */
  restore(state: TrainingState): Promise<void>
  /**
   * After the calls under way, gives the variables values of their own, as the steps have left them, and frees everything
   * else; later calls are refused.
   */
  dispose(): Promise<void>
}

/**
 * Compiles the training of parameters by a loss: one program for each shape of inputs, or one for all that differ in axes of
 * any length, made when it first comes, and one optimiser for all. Variables among `parameters` that are not trainable, and
 * those outside, stay as they are.
 *
 * Until `dispose` the variables share the memory that is trained, where the tfjs backend keeps an array as it is given
 * (cpu and onnx do, wasm does not): an array read from one changes with the next step. Copy what is to stay.
 *
 * @throws CompileError, at a step, for what cannot be recorded or run.
 * @throws InvalidArgumentError, at a step, for axes that its inputs have not.
 */
export async function compileTraining<Inputs extends object>(
  lossFn: LossFunction<Inputs>,
  parameters: Parameters,
  {
    optimizer,
    worker = false,
    keptMemory = totalMemory() / 4,
    onNote = () => {},
    ...session
  }: CompileTrainingOptions,
): Promise<CompiledTraining<Inputs>> {
  assertSessionOptions(session)
  const trainable = Object.entries(parameters).filter(([, variable]) => variable.trainable)
  const specs = await Promise.all(
    trainable.map(async ([name, variable]) => ({
      name,
      shape: variable.shape,
      values: await variable.data<'float32'>(),
    })),
  )
  const engine = await startEngine({ parameters: specs, optimizer, session, keptMemory }, { worker })
  const names = trainable.map(([name]) => name)
  const ids = new Map(trainable.map(([name, variable]) => [variable, name]))
  let isRefused = false

  const programs = new ProgramTable({
    record(inputs, symbolic) {
      const recorded = recordGradients(lossFn as LossFunction<never>, parameters, inputs as object, symbolic)
      for (const [name, least] of recorded.shortest) {
        // Those of length 0 are recorded as they are.
        if (least <= 1) continue
        const what = `The loss takes ${least} of the dimension ${name}, which may be shorter`
        throw new CompileError({ what, fix: 'Give it a fixed length.' })
      }
      return { recorded, lengths: checkInputs(inputs, symbolic) }
    },
    async prepare({ recorded, lengths }, key) {
      const { program, graph } = await trainingProgram(recorded, ids, lengths)
      const what = 'ONNX Runtime refused the compiled training step'
      await guarded({ graph, what, session }, () => engine.load(key, program))
      return { ...recorded, graph }
    },
  })

  /** The program for inputs: one that serves any length, where there can be one. */
  const programFor = (inputs: object, dynamic: DynamicShapes | undefined): Found<RecordedGradients> => {
    if (isRefused || !dynamic) return programs.find(inputs)
    // What does not fit the inputs is a mistake; that a loss computes with a length is none.
    checkInputs(inputs, dynamic)
    try {
      return programs.find(inputs, dynamic)
    } catch (error) {
      // What is wrong at any length says so here.
      const found = programs.find(inputs)
      isRefused = true
      const why = error instanceof CompileError ? error.what : error instanceof Error ? error.message : error
      onNote(`Every length of a batch has a training program of its own, which takes time. ${why}`)
      return found
    }
  }

  const assign = (values: readonly Float32Array[]): void => {
    for (const [i, [, variable]] of trainable.entries()) {
      const updated = tf.tensor(values[i]!, variable.shape)
      variable.assign(updated)
      updated.dispose()
    }
  }
  // A second copy of all parameters would be an eighth of what a training needs.
  if (engine.memory) assign(engine.memory)

  /** Runs what an engine does with a batch, by the program for its shape. */
  const withProgram = async <T>(
    inputs: Inputs | Given<Inputs>,
    { dynamic, ...run }: RunKey & BatchComputation,
    compute: (key: string, feeds: Record<string, Feed>, run: EngineRun) => Promise<T>,
  ): Promise<{ result: T; named: (losses: ArrayLike<number>) => LossValues }> => {
    const { key, program, lengths } = programFor(inputs, dynamic)
    // Read at once: the caller may dispose what it gave.
    const [{ graph, losses }, feeds] = await Promise.all([program, feedsOf(inputs)])
    const what = 'The compiled training step failed while it ran'
    const result = await guarded({ graph, what, session }, () => compute(key, feeds, { ...run, lengths }))
    const named = (values: ArrayLike<number>): LossValues =>
      Object.fromEntries(losses.map((name, i) => [name, values[i]!])) as LossValues
    return { result, named }
  }

  const training: CompiledTraining<Inputs> = {
    async step(inputs, run, { dynamic, weight = 1 } = {}) {
      const { result, named } = await withProgram(inputs, { ...run, dynamic }, (key, feeds, by) =>
        engine.step(key, feeds, by, weight),
      )
      const { losses, applied, learningRate, gradientNorm, reached } = result
      return {
        losses: named(losses),
        applied,
        learningRate,
        gradientNorm,
        reached: names.filter((_, i) => reached[i]),
      }
    },
    async accumulate(inputs, run, { dynamic, weight = 1 } = {}) {
      const { result, named } = await withProgram(inputs, { ...run, dynamic }, (key, feeds, by) =>
        engine.accumulate(key, feeds, by, weight),
      )
      return named(result)
    },
    async losses(inputs, run, { dynamic } = {}) {
      const { result, named } = await withProgram(inputs, { ...run, dynamic }, (key, feeds, by) =>
        engine.losses(key, feeds, by),
      )
      return named(result)
    },
    // Assigned again, what is shared counts as changed: others who read the variables notice.
    async synchronize() {
      assign(engine.memory ?? (await engine.values()))
    },
    async state() {
      const { step, values, firstMoments, secondMoments } = await engine.state()
      const parameters = names.map((name, i) => [
        name,
        { values: values[i]!, firstMoments: firstMoments[i]!, secondMoments: secondMoments[i]! },
      ])
      return { step, parameters: Object.fromEntries(parameters) }
    },
    async restore({ step, parameters: restored }) {
      assertSameParameters(restored, trainable)
      const of = (part: keyof TrainingState['parameters'][string]): Float32Array[] =>
        names.map(name => restored[name]![part])
      await engine.restore({
        step,
        values: of('values'),
        firstMoments: of('firstMoments'),
        secondMoments: of('secondMoments'),
      })
      assign(engine.memory ?? of('values'))
    },
    async dispose() {
      try {
        assign(await engine.values())
      } finally {
        await engine.dispose()
      }
    },
  }
  return withLifetime(training, { of: 'training', again: 'Compile it again with compileTraining' })
}

/** Refuses a state of other parameters than are trained. */
function assertSameParameters(
  restored: TrainingState['parameters'],
  trainable: readonly (readonly [string, tf.Variable])[],
): void {
  const other = trainable.find(([name, { size }]) =>
    Object.values(restored[name] ?? { missing: [] }).some(part => part.length !== size),
  )
  const known = new Set(trainable.map(([name]) => name))
  const extra = Object.keys(restored).find(name => !known.has(name))
  if (!other && extra === undefined) return
  throw new InvalidArgumentError({
    argument: 'state',
    rule: `must be of the ${trainable.length} parameters that are trained`,
    received: other ? `another size, or nothing, of ${other[0]}` : extra,
  })
}

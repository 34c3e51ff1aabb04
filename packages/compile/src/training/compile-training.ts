import { InvalidArgumentError, type Parameters } from '@mafjs/tensor'
import { withLifetime } from '@mafjs/tensor/lifetime'
import * as tf from '@tensorflow/tfjs-core'
import { totalMemory } from '#platform'
import { feedsOf, readData } from '../program/captured'
import { withConstants } from '../program/with-constants'
import { optimize } from '../rewrite/optimize'
import { guarded } from '../session/guarded'
import { encodeInPlace } from '../session/in-place-session'
import type { Feed } from '../session/session'
import { assertSessionOptions, type SessionOptions } from '../session/session-options'
import { checkInputs } from '../trace/check-inputs'
import { type LossFunction, type RecordedGradients, recordGradients } from '../trace/record-gradients'
import { type Given, signatureOf } from '../trace/tree'
import { startEngine } from './engine-thread'
import type { OptimizerSpec } from './optimizer-spec'
import type { RunKey, TrainingProgram } from './training-engine'
import { workingBytes } from './working-memory'

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

/** A compiled training. */
export interface CompiledTraining<Inputs> {
  /**
   * Computes the losses and gradients of one batch and updates the parameters.
   *
   * @param weight what the gradients are multiplied by: the batch's share of all that were accumulated with it. @default 1
   */
  step(inputs: Inputs | Given<Inputs>, run: RunKey, weight?: number): Promise<TrainingReport>
  /**
   * Computes the losses and gradients of one batch; the gradients, times `weight`, are added to those of the next step.
   * Where a loss is not finite, that step will not be applied.
   */
  accumulate(inputs: Inputs | Given<Inputs>, run: RunKey, weight: number): Promise<LossValues>
  /** The parts of the loss of one batch, by the program of a step; nothing is updated. */
  losses(inputs: Inputs | Given<Inputs>, run: RunKey): Promise<LossValues>
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
 * Compiles the training of parameters by a loss: one program for each shape of inputs, made when it first comes, and
 * one optimiser for all. Variables among `parameters` that are not trainable, and those outside, stay as they are.
 *
 * Until `dispose` the variables share the memory that is trained, where the tfjs backend keeps an array as it is given
 * (cpu and onnx do, wasm does not): an array read from one changes with the next step. Copy what is to stay.
 *
 * @throws CompileError, at a step, for what cannot be recorded or run.
 */
export async function compileTraining<Inputs extends object>(
  lossFn: LossFunction<Inputs>,
  parameters: Parameters,
  { optimizer, worker = false, keptMemory = totalMemory() / 4, ...session }: CompileTrainingOptions,
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
  const programs = new Map<string, Promise<RecordedGradients>>()

  const prepare = async (key: string, inputs: Inputs | Given<Inputs>): Promise<RecordedGradients> => {
    const recorded = recordGradients(lossFn as LossFunction<never>, parameters, inputs)
    const { program, graph } = await trainingProgram(
      recorded,
      new Map(trainable.map(([name, variable]) => [variable, name])),
    )
    const what = 'ONNX Runtime refused the compiled training step'
    await guarded({ graph, what, session }, () => engine.load(key, program))
    return { ...recorded, graph }
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

  const ready = (key: string, inputs: Inputs | Given<Inputs>): Promise<RecordedGradients> => {
    const known = programs.get(key)
    if (known) return known
    const made = prepare(key, inputs)
    programs.set(key, made)
    made.catch(() => programs.delete(key))
    return made
  }

  /** Runs what an engine does with a batch, by the program for its shape. */
  const withProgram = async <T>(
    inputs: Inputs | Given<Inputs>,
    run: (key: string, feeds: Record<string, Feed>) => Promise<T>,
  ): Promise<{ result: T; named: (losses: ArrayLike<number>) => LossValues }> => {
    checkInputs(inputs)
    const key = signatureOf(inputs)
    // Read at once: the caller may dispose what it gave.
    const [{ graph, losses }, feeds] = await Promise.all([ready(key, inputs), feedsOf(inputs)])
    const what = 'The compiled training step failed while it ran'
    const result = await guarded({ graph, what, session }, () => run(key, feeds))
    const named = (values: ArrayLike<number>): LossValues =>
      Object.fromEntries(losses.map((name, i) => [name, values[i]!])) as LossValues
    return { result, named }
  }

  const training: CompiledTraining<Inputs> = {
    async step(inputs, run, weight = 1) {
      const { result, named } = await withProgram(inputs, (key, feeds) =>
        engine.step(key, feeds, run, weight),
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
    async accumulate(inputs, run, weight) {
      const { result, named } = await withProgram(inputs, (key, feeds) =>
        engine.accumulate(key, feeds, run, weight),
      )
      return named(result)
    },
    async losses(inputs, run) {
      const { result, named } = await withProgram(inputs, (key, feeds) => engine.losses(key, feeds, run))
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

/** A recorded step as an engine takes it; variables that are not trained belong to the program. */
async function trainingProgram(
  recorded: RecordedGradients,
  trained: ReadonlyMap<tf.Variable, string>,
): Promise<{ program: TrainingProgram; graph: RecordedGradients['graph'] }> {
  const { trace, masks, losses, reached } = recorded
  const frozen = trace.variables.filter(({ variable }) => !trained.has(variable))
  const outside = [
    ...frozen.map(({ name, value, variable }) => ({ name, value, dataId: variable.dataId })),
    ...trace.constants,
  ]
  const read = await Promise.all(
    outside.map(async ({ name, value, dataId }) => [name, await readData(dataId, value)] as const),
  )
  const graph = optimize(withConstants(recorded.graph, Object.fromEntries(read)))
  const used = new Set(graph.inputs.map(({ name }) => name))
  const program = {
    ...(await encodeInPlace(graph)),
    masks: masks.filter(({ name }) => used.has(name)),
    parameters: trace.variables
      .filter(({ name, variable }) => used.has(name) && trained.has(variable))
      .map(({ name, variable }) => ({ input: name, parameter: trained.get(variable)! })),
    losses,
    reached,
    workingBytes: workingBytes(graph),
  }
  return { program, graph }
}

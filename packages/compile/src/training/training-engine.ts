import { fillDropoutMask } from '@mafjs/tensor'
import { sizeOf } from '../graph/element-types'
import { createInPlaceSession, type EncodedProgram, type InPlaceSession } from '../session/in-place-session'
import { createQueue } from '../session/queue'
import type { Feed } from '../session/session'
import type { SessionOptions } from '../session/session-options'
import { type MaskInput, maskShape } from '../trace/record-gradients'
import type { FlatOptimizer } from './flat-optimizer'
import { createGradientSums, type GradientSums } from './gradient-sums'
import { createOptimizer, type OptimizerSpec } from './optimizer-spec'
import { createParameterStore, type ParameterStore, type StoredParameterSpec } from './parameter-store'

/** A recorded training step as an engine runs it; plain data, so that it can be sent to another thread. */
export interface TrainingProgram extends EncodedProgram {
  masks: readonly MaskInput[]
  /** Parameters that the program reads, and what its inputs for them are called. */
  parameters: readonly { input: string; parameter: string }[]
  /** The names of the losses' parts. */
  losses: readonly string[]
  /** Parameters that have a gradient. */
  reached: readonly string[]
  /** What lies between inputs and outputs at one time. */
  workingBytes: number
}

/** What an engine is made from. */
export interface TrainingEngineOptions {
  parameters: readonly StoredParameterSpec[]
  optimizer: OptimizerSpec
  session: SessionOptions
  /** Bytes that programs may keep between their runs, all together. */
  keptMemory: number
}

/** The parameters' values and what the optimiser remembers, by parameter in their order. */
export interface EngineState {
  /** Updates applied. */
  step: number
  values: Float32Array[]
  firstMoments: Float32Array[]
  secondMoments: Float32Array[]
}

/** What one step did. */
export interface EngineReport {
  /** In the order in which the program names its losses. */
  losses: Float32Array
  /** False where a loss or a gradient is not finite: then no parameter was changed. */
  applied: boolean
  learningRate: number
  gradientNorm: number
  /** For each parameter whether its gradient had a number other than 0. */
  reached: Uint8Array
}

/** Seed and step of a run: what its dropout masks are drawn from. */
export interface RunKey {
  seed: number
  step: number
}

/** A run of a program: what its masks are drawn from, and how long its symbolic dimensions are. */
export interface EngineRun extends RunKey {
  lengths: ReadonlyMap<string, number>
}

interface Loaded {
  /** Without its bytes, which ONNX Runtime has by now. */
  program: Pick<TrainingProgram, 'masks' | 'reached'>
  session: InPlaceSession
  /** What stays the same from step to step. */
  fixed: Record<string, Feed>
  outputs: Record<string, Feed>
  losses: Float32Array
  present: Uint8Array
}

/** Holds the parameters and trains them: programs of several shapes share one store and one optimiser. */
export class TrainingEngine {
  private readonly store: ParameterStore
  private readonly optimizer: FlatOptimizer
  private readonly programs = new Map<string, Loaded>()
  /** The masks of all programs lie in one array, since only one runs at a time. */
  private masks = new Float32Array(0)
  private readonly sums: GradientSums
  private isAccumulating = false
  /** Bytes that programs keep so far. */
  private kept = 0
  /** One after another: all runs share the memory of masks and gradients. */
  private readonly inTurn = createQueue()

  private readonly session: SessionOptions
  private readonly keptMemory: number

  constructor({ parameters, optimizer, session, keptMemory }: TrainingEngineOptions) {
    this.store = createParameterStore(parameters)
    this.optimizer = createOptimizer(this.store, optimizer)
    this.sums = createGradientSums(this.store)
    this.session = session
    this.keptMemory = keptMemory
  }

  /** Makes a program ready under a key. */
  async load(key: string, program: TrainingProgram): Promise<void> {
    const isKept = this.kept + program.workingBytes <= this.keptMemory
    if (isKept) this.kept += program.workingBytes
    const memory = isKept ? this.session.memory : 'returned'
    const session = await createInPlaceSession(program, { ...this.session, memory })
    const losses = new Float32Array(program.losses.length)
    const fixed: Record<string, Feed> = Object.create(null)
    for (const { input, parameter } of program.parameters) {
      const { values, shape } = this.store.get(parameter)
      fixed[input] = { data: values, shape }
    }
    const outputs: Record<string, Feed> = Object.create(null)
    for (const [i, name] of program.losses.entries()) {
      outputs[`loss.${name}`] = { data: losses.subarray(i, i + 1), shape: [] }
    }
    const present = new Uint8Array(this.store.parameters.length)
    for (const name of program.reached) {
      const { gradients, shape, index } = this.store.get(name)
      outputs[`gradient.${name}`] = { data: gradients, shape }
      present[index] = 1
    }
    const { masks, reached } = program
    this.programs.set(key, { program: { masks, reached }, session, fixed, outputs, losses, present })
  }

  /** Computes the losses and gradients of one batch; no parameter is changed. */
  losses(key: string, feeds: Readonly<Record<string, Feed>>, run: EngineRun): Promise<Float32Array> {
    return this.inTurn(() => this.compute(key, feeds, run))
  }

  /** Computes the losses and gradients of one batch; the gradients, times a weight, wait for the next step. */
  accumulate(
    key: string,
    feeds: Readonly<Record<string, Feed>>,
    run: EngineRun,
    weight: number,
  ): Promise<Float32Array> {
    return this.inTurn(async () => {
      const losses = await this.compute(key, feeds, run)
      this.isAccumulating = true
      // What is not a number reaches the norm of the step that follows, which then is not applied.
      this.addGradients(key, losses.every(Number.isFinite) ? weight : Number.NaN)
      return losses
    })
  }

  /** Computes the losses and gradients of one batch and updates the parameters by them and by what waits. */
  step(
    key: string,
    feeds: Readonly<Record<string, Feed>>,
    run: EngineRun,
    weight: number,
  ): Promise<EngineReport> {
    return this.inTurn(() => this.computeAndUpdate(key, feeds, run, weight))
  }

  private async compute(
    key: string,
    feeds: Readonly<Record<string, Feed>>,
    run: EngineRun,
  ): Promise<Float32Array> {
    const { program, session, fixed, outputs, losses } = this.programs.get(key)!
    await session.run({ ...fixed, ...feeds, ...this.draw(program.masks, run) }, outputs)
    return losses.slice()
  }

  private async computeAndUpdate(
    key: string,
    feeds: Readonly<Record<string, Feed>>,
    run: EngineRun,
    weight: number,
  ): Promise<EngineReport> {
    const losses = await this.compute(key, feeds, run)
    if (this.isAccumulating || weight !== 1) this.addGradients(key, weight)
    this.isAccumulating = false
    const present = this.sums.take() ?? this.programs.get(key)!.present
    const areFinite = losses.every(Number.isFinite)
    const { applied, learningRate, gradientNorm, reached } = areFinite
      ? this.optimizer.update(present)
      : { applied: false, learningRate: 0, gradientNorm: Number.NaN, reached: new Uint8Array(present.length) }
    return { losses, applied, learningRate, gradientNorm, reached: reached.slice() }
  }

  private addGradients(key: string, weight: number): void {
    this.sums.add(this.programs.get(key)!.program.reached, weight)
  }

  /** What is needed to go on from here: copies, which the next step leaves as they are. */
  state(): EngineState {
    const { step, firstMoments, secondMoments } = this.optimizer.state
    const copies = (flat: Float32Array): Float32Array[] =>
      this.store.parameters.map(({ offset, size }) => flat.slice(offset, offset + size))
    return {
      step,
      values: this.values(),
      firstMoments: copies(firstMoments),
      secondMoments: copies(secondMoments),
    }
  }

  /** Goes on from another engine's state, which must be of the same parameters. */
  restore({ step, values, firstMoments, secondMoments }: EngineState): void {
    const { state } = this.optimizer
    state.step = step
    this.isAccumulating = false
    this.sums.clear()
    for (const { index, offset, values: own } of this.store.parameters) {
      own.set(values[index]!)
      state.firstMoments.set(firstMoments[index]!, offset)
      state.secondMoments.set(secondMoments[index]!, offset)
    }
  }

  /** Where the values of every parameter lie, which each step changes. */
  get memory(): Float32Array<ArrayBuffer>[] {
    return this.store.parameters.map(({ values }) => values)
  }

  /** The values of every parameter: copies, which the next step leaves as they are. */
  values(): Float32Array<ArrayBuffer>[] {
    return this.memory.map(values => values.slice())
  }

  /** The gradients of the last step by parameter: views of the store's memory. */
  gradients(key: string): Record<string, Float32Array> {
    const { program } = this.programs.get(key)!
    return Object.fromEntries(program.reached.map(name => [name, this.store.get(name).gradients]))
  }

  /** Frees the programs, of which none may be running. */
  async dispose(): Promise<void> {
    for (const { session } of this.programs.values()) await session.dispose()
    this.programs.clear()
  }

  private draw(masks: readonly MaskInput[], { seed, step, lengths }: EngineRun): Record<string, Feed> {
    const shapes = masks.map(({ shape }) => maskShape(shape, lengths))
    const sizes = shapes.map(sizeOf)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    if (total > this.masks.length) this.masks = new Float32Array(total)
    const drawn: Record<string, Feed> = Object.create(null)
    let start = 0
    for (const [i, { name, rate, site }] of masks.entries()) {
      const data = this.masks.subarray(start, start + sizes[i]!)
      fillDropoutMask(data, rate, { seed, step, site })
      drawn[name] = { data, shape: shapes[i]! }
      start += sizes[i]!
    }
    return drawn
  }
}

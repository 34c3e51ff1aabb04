import { createTraining, type Engine, useBackend } from '@mafjs/compile/engine'
import { buildMaf, type Maf, type MafInputs } from '@mafjs/ner-maf'
import { type DropoutMaskRequest, dropoutMask, uniform } from '@mafjs/tensor'
import { assignSnapshot, type Snapshot, takeSnapshot } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { type Applied, compiledComputer, computerOf, eagerComputer } from '../engine/computer'
import type { DemoTraining } from '../tiny-world/demo-training'
import { type ComputedStep, type Deviation, deviationsOf, isRounding } from './deviation'
import { inFloat64 } from './in-float64'

/** How a run is made. */
export interface RunOptions {
  eager: Extract<Engine, { name: 'tfjs' }>
  compiled: Extract<Engine, { name: 'onnx' }>
  task: DemoTraining
  /** Steps of the whole run. */
  steps: number
}

const optimizerOf = (steps: number) =>
  ({
    kind: 'adamw',
    learningRate: 2e-3,
    schedule: { kind: 'linear', total: steps },
    clipping: { kind: 'global-norm', limit: 1 },
  }) as const

const lossesOf = (model: Maf) => (inputs: MafInputs, options: Applied) => ({
  ...model.apply(inputs, { ...options, checkValues: false }).losses!,
})

/** How often the last bits of the parameters are changed to see what that does. */
const NUDGES = 4

/** Eight units of a float32's last place: what a sum of 64 products, each rounded, loses on the average. */
const NUDGE = 2 ** -20

/** Gives every parameter other last bits. */
function nudge(parameters: ReturnType<Maf['parameters']>, start: Snapshot, seed: number): void {
  const nudged = Object.entries(start).map(([name, { shape, values }]) => {
    const drawn = uniform(values.length, { seed, site: name })
    const moved = values.map((value, i) => value * (1 + (2 * drawn[i]! - 1) * NUDGE))
    return [name, { shape, values: moved }] as const
  })
  assignSnapshot(parameters, Object.fromEntries(nudged))
}

/** Which steps are compared, and how strictly. */
export interface PointOptions {
  points: number
  /** The share of the points that is this process's: `[2, 3]` is the second of three. @default all */
  part?: readonly [number, number]
  tolerance: number
}

/**
 * A training run on the compiled engine; at `points` steps of it, evenly spread, the step is computed by both engines, and in
 * float64, from the parameters as they are, the same batch and the same dropout. What differs by more than `tolerance`
 * without a reason is computed again by the eager engine, from parameters with other last bits.
 */
export async function comparePoints(
  { task, steps, eager, compiled }: RunOptions,
  { points, part = [1, 1], tolerance }: PointOptions,
  onPoint: (step: number, deviations: readonly Deviation[]) => void,
): Promise<void> {
  type Step = Awaited<ReturnType<DemoTraining['step']>>
  const model = buildMaf(task.config)
  const parameters = model.parameters()
  const lossOf = lossesOf(model)
  const optimizer = optimizerOf(steps)
  const training = await createTraining(compiled, lossOf, parameters, { optimizer })
  const onCompiled = compiledComputer(compiled.session)
  const programs = {
    compiled: onCompiled.gradients(lossOf, parameters),
    eager: computerOf(eager).gradients(lossOf, parameters),
  }
  const plain = (computed: Awaited<ReturnType<typeof programs.eager.run>>): ComputedStep => ({
    losses: computed.losses,
    gradients: Object.fromEntries(
      Object.entries(computed.gradients).map(([name, { values }]) => [name, values]),
    ),
  })

  /** Runs something with a batch in tensors of a backend. */
  const withTensors = async <T>(
    backend: string,
    batch: object,
    use: (inputs: MafInputs) => Promise<T>,
  ): Promise<T> => {
    tf.setBackend(backend)
    const inputs = eagerComputer().inputs<MafInputs>(batch)
    const result = await use(inputs)
    tf.dispose(inputs as unknown as tf.TensorContainer)
    return result
  }

  const computeEager = ({ batch, run }: Step): Promise<ComputedStep> =>
    withTensors(eager.backend, batch, async inputs => plain(await programs.eager.run(inputs, run)))

  const computeExactly = async ({ batch, run }: Step): Promise<ComputedStep> => {
    // Other backends could not hand over numbers while it lasts.
    await useBackend('cpu')
    assignSnapshot(parameters, await takeSnapshot(parameters))
    const exact = await withTensors('cpu', batch, inputs =>
      inFloat64(inFloat32 => {
        const mask = ({ shape, rate, ...key }: DropoutMaskRequest): tf.Tensor => {
          const size = shape.reduce((product, length) => product * length, 1)
          const drawn = inFloat32(() => dropoutMask(size, rate, key))
          return tf.tensor(drawn, [...shape])
        }
        return programs.eager.run(inputs, { ...run, dropoutMask: mask })
      }),
    )
    return plain(exact)
  }

  /** How far the eager engine alone moves each tensor when the last bits of the parameters are others: root mean square. */
  const noiseOf = async (
    step: Step,
    exact: ComputedStep,
    own: ComputedStep,
  ): Promise<Map<string, number>> => {
    const start = await takeSnapshot(parameters)
    const squares = new Map<string, number>()
    for (let seed = 0; seed < NUDGES; seed++) {
      nudge(parameters, start, seed)
      const nudged = await computeEager(step)
      for (const { name, share } of deviationsOf({ compiled: nudged, eager: own, exact })) {
        squares.set(name, share ** 2 + (squares.get(name) ?? 0))
      }
    }
    assignSnapshot(parameters, start)
    return new Map([...squares].map(([name, sum]) => [name, Math.sqrt(sum / NUDGES)]))
  }

  const isOpen = ({ share, compiledError, eagerError }: Deviation): boolean =>
    !(share <= tolerance) && !isRounding(compiledError, eagerError)
  const pointAt = (step: number): number => Math.floor((step * points) / steps)
  const isPoint = (step: number): boolean =>
    pointAt(step) > pointAt(step - 1) && pointAt(step) % part[1] === part[0] - 1
  for (let index = 0; index < steps; index++) {
    const step = await task.step(index)
    if (isPoint(index)) {
      await training.synchronize()
      const compared = {
        compiled: plain(await programs.compiled.run(onCompiled.inputs<MafInputs>(step.batch), step.run)),
        eager: await computeEager(step),
        exact: await computeExactly(step),
      }
      const deviations = deviationsOf(compared)
      const isDoubted = deviations.some(isOpen)
      const noise = isDoubted
        ? await noiseOf(step, compared.exact, compared.eager)
        : new Map<string, number>()
      onPoint(
        index,
        deviations.map(one => ({ ...one, noise: noise.get(one.name) })),
      )
    }
    await training.step(step.batch, step.run)
  }
  await programs.compiled.dispose()
  await training.dispose()
  model.dispose()
}

async function freeRun({ task, steps }: RunOptions, engine: Engine) {
  if (engine.name === 'tfjs') tf.setBackend(engine.backend)
  const model = buildMaf(task.config)
  const start = await takeSnapshot(model.parameters())
  const optimizer = optimizerOf(steps)
  const training = await createTraining(engine, lossesOf(model), model.parameters(), { optimizer })
  let loss = 0
  for (let index = 0; index < steps; index++) {
    const { batch, run } = await task.step(index)
    const { losses } = await training.step(batch, run)
    loss = losses.total
  }
  await training.dispose()
  const end = await takeSnapshot(model.parameters())
  model.dispose()
  return { loss, start, end }
}

/** The Euclidean distance of all parameters. */
function distance(a: Snapshot, b: Snapshot): number {
  let squares = 0
  for (const [name, { values }] of Object.entries(a)) {
    const others = b[name]!.values
    for (const [i, value] of values.entries()) squares += (value - others[i]!) ** 2
  }
  return Math.sqrt(squares)
}

/**
 * Trains one model on each engine, from the same start and with the same batches, and compares where they end.
 *
 * @returns how far they are apart: the total loss at the last step, relative; all parameters, over the way that they went
 */
export async function measureDrift(
  options: RunOptions,
): Promise<{ steps: number; loss: number; parameters: number }> {
  const theirs = await freeRun(options, options.eager)
  const ours = await freeRun(options, options.compiled)
  return {
    steps: options.steps,
    loss: Math.abs(ours.loss - theirs.loss) / theirs.loss,
    parameters: distance(ours.end, theirs.end) / distance(theirs.end, theirs.start),
  }
}

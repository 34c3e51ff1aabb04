import { compileGradients } from '@mafjs/compile'
import { type Engine, useBackend } from '@mafjs/compile/engine'
import {
  assignSnapshot,
  buildMaf,
  createTrainer,
  type Maf,
  type MafInputs,
  type MafLosses,
  type Snapshot,
  takeSnapshot,
  tensorsOf,
} from '@mafjs/ner-maf'
import { type DropoutMaskRequest, dropoutMask, uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { differentiate } from '../../packages/ner-maf/src/train/differentiate'
import type { TrainingBatch } from '../../packages/ner-maf/src/train/trainer'
import { type ComputedStep, type Deviation, deviationsOf, isRounding } from './deviation'
import type { EnginesTask, TaskStep } from './engines-task'
import { inFloat64 } from './in-float64'

/** The two engines that are compared. */
export interface ComparedEngines {
  eager: Extract<Engine, { name: 'tfjs' }>
  compiled: Extract<Engine, { name: 'onnx' }>
}

/** How a run is made. */
export interface RunOptions extends ComparedEngines {
  task: EnginesTask
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

const lossOf =
  (model: Maf) =>
  (inputs: TrainingBatch, options: object): MafLosses & Record<string, tf.Scalar> =>
    model.apply(inputs as unknown as MafInputs, { ...options, checkValues: false }).losses as never

/** The numbers of gradients, which are disposed. */
async function read(gradients: Record<string, tf.Tensor>): Promise<Record<string, ArrayLike<number>>> {
  const entries = Object.entries(gradients).map(
    async ([name, gradient]) => [name, (await gradient.data<'float32'>()).slice()] as const,
  )
  const values = Object.fromEntries(await Promise.all(entries))
  tf.dispose(gradients)
  return values
}

/** How often the last bits of the parameters are changed to see what that does. */
const NUDGES = 4

/** Eight units of a float32's last place: what a sum of 64 products, each rounded, loses on the average. */
const NUDGE = 2 ** -20

/** Gives every parameter other last bits. */
function nudge(parameters: ReturnType<Maf['parameters']>, start: Snapshot, seed: number): void {
  const nudged = Object.entries(start).map(([name, { shape, values }]) => {
    const drawn = uniform(values.length, { seed, site: name })
    return [
      name,
      { shape, values: values.map((value, i) => value * (1 + (2 * drawn[i]! - 1) * NUDGE)) },
    ] as const
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
  const model = buildMaf(task.config)
  const trainer = await createTrainer(model, compiled, { optimizer: optimizerOf(steps) })
  const gradientsOf = compileGradients(lossOf(model), model.parameters(), compiled.session)

  const computeCompiled = async ({ batch, run }: TaskStep): Promise<ComputedStep> => {
    const { losses, gradients } = await gradientsOf(batch, run)
    return { losses, gradients: await read(gradients) }
  }

  const computeEager = async (
    backend: string,
    { batch, run }: { batch: TrainingBatch; run: Parameters<typeof differentiate>[2] },
  ): Promise<ComputedStep> => {
    tf.setBackend(backend)
    const inputs = tensorsOf(batch)
    const { losses, gradients } = await differentiate(model, inputs, run)
    tf.dispose(inputs as unknown as tf.TensorContainer)
    return { losses: { ...losses }, gradients: await read(gradients) }
  }

  const computeExactly = async ({ batch, run }: TaskStep): Promise<ComputedStep> => {
    // Other backends could not hand over numbers while it lasts.
    await useBackend('cpu')
    assignSnapshot(model.parameters(), await takeSnapshot(model.parameters()))
    return inFloat64(inFloat32 => {
      const mask = ({ shape, rate, ...key }: DropoutMaskRequest): tf.Tensor => {
        const size = shape.reduce((product, length) => product * length, 1)
        return tf.tensor(
          inFloat32(() => dropoutMask(size, rate, key)),
          [...shape],
        )
      }
      return computeEager('cpu', { batch, run: { ...run, dropoutMask: mask } })
    })
  }

  /** How far the eager engine alone moves each tensor when the last bits of the parameters are others: root mean square. */
  const noiseOf = async (
    step: TaskStep,
    exact: ComputedStep,
    plain: ComputedStep,
  ): Promise<Map<string, number>> => {
    const start = await takeSnapshot(model.parameters())
    const squares = new Map<string, number>()
    for (let seed = 0; seed < NUDGES; seed++) {
      nudge(model.parameters(), start, seed)
      const nudged = await computeEager(eager.backend, step)
      for (const { name, share } of deviationsOf({ compiled: nudged, eager: plain, exact })) {
        squares.set(name, share ** 2 + (squares.get(name) ?? 0))
      }
    }
    assignSnapshot(model.parameters(), start)
    return new Map([...squares].map(([name, sum]) => [name, Math.sqrt(sum / NUDGES)]))
  }

  const pointAt = (step: number): number => Math.floor((step * points) / steps)
  const isPoint = (step: number): boolean =>
    pointAt(step) > pointAt(step - 1) && pointAt(step) % part[1] === part[0] - 1
  for (let index = 0; index < steps; index++) {
    const step = await task.step(index)
    if (isPoint(index)) {
      await trainer.synchronize()
      const compared = {
        compiled: await computeCompiled(step),
        eager: await computeEager(eager.backend, step),
        exact: await computeExactly(step),
      }
      const deviations = deviationsOf(compared)
      const isOpen = ({ share, compiledError, eagerError }: Deviation): boolean =>
        !(share <= tolerance) && !isRounding(compiledError, eagerError)
      const noise = deviations.some(isOpen)
        ? await noiseOf(step, compared.exact, compared.eager)
        : new Map<string, number>()
      onPoint(
        index,
        deviations.map(one => ({ ...one, noise: noise.get(one.name) })),
      )
    }
    await trainer.step(step.batch, step.run)
  }
  await gradientsOf.dispose()
  await trainer.dispose()
  model.dispose()
}

/** How far two runs are apart that began alike. */
export interface Drift {
  steps: number
  /** Of the total loss, relative, at the last step. */
  loss: number
  /** The distance of all parameters, over the distance that they went. */
  parameters: number
}

async function freeRun({ task, steps }: RunOptions, engine: Engine) {
  if (engine.name === 'tfjs') tf.setBackend(engine.backend)
  const model = buildMaf(task.config)
  const start = await takeSnapshot(model.parameters())
  const trainer = await createTrainer(model, engine, { optimizer: optimizerOf(steps) })
  let loss = 0
  for (let index = 0; index < steps; index++) {
    const { batch, run } = await task.step(index)
    const { losses } = await trainer.step(batch, run)
    loss = losses.total
  }
  await trainer.dispose()
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

/** Trains one model on each engine, from the same start and with the same batches, and compares where they end. */
export async function measureDrift(options: RunOptions): Promise<Drift> {
  const theirs = await freeRun(options, options.eager)
  const ours = await freeRun(options, options.compiled)
  return {
    steps: options.steps,
    loss: Math.abs(ours.loss - theirs.loss) / theirs.loss,
    parameters: distance(ours.end, theirs.end) / distance(theirs.end, theirs.start),
  }
}

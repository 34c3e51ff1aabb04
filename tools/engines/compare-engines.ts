import { compileGradients } from '@mafjs/compile'
import {
  assignSnapshot,
  buildMaf,
  createTrainer,
  type Engine,
  type Maf,
  type MafInputs,
  type MafLosses,
  type Snapshot,
  takeSnapshot,
  tensorsOf,
} from '@mafjs/ner-maf'
import { type Parameters, uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { differentiate } from '../../packages/ner-maf/src/train/differentiate'
import type { TrainingBatch } from '../../packages/ner-maf/src/train/trainer'
import { type ComputedStep, deviationsOf, type JudgedDeviation } from './deviation'
import type { EnginesTask, TaskStep } from './engines-task'

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
async function read(gradients: Record<string, tf.Tensor>): Promise<Record<string, Float32Array>> {
  const entries = Object.entries(gradients).map(
    async ([name, gradient]) => [name, (await gradient.data<'float32'>()).slice()] as const,
  )
  const values = Object.fromEntries(await Promise.all(entries))
  tf.dispose(gradients)
  return values
}

/** Eight units of a float32's last place: what a sum of 64 products, each rounded, loses on the average. */
const NUDGE = 2 ** -20

/** Every parameter with other last bits. */
function nudge(parameters: Parameters, start: Snapshot, seed: number): void {
  for (const [name, variable] of Object.entries(parameters)) {
    const { values, shape } = start[name]!
    const drawn = uniform(values.length, { seed, site: name })
    const nudged = tf.tensor(
      values.map((value, i) => value * (1 + (2 * drawn[i]! - 1) * NUDGE)),
      shape,
    )
    variable.assign(nudged)
    nudged.dispose()
  }
}

/**
 * A training run on the compiled engine; at `points` steps of it, evenly spread, the step is computed by both engines from
 * the parameters as they are, the same batch and the same dropout, and by the eager one from parameters with other last
 * bits, too.
 */
export async function comparePoints(
  { task, steps, eager, compiled }: RunOptions,
  points: number,
  onPoint: (step: number, deviations: readonly JudgedDeviation[]) => void,
): Promise<void> {
  const model = buildMaf(task.config)
  const parameters = model.parameters()
  const trainer = await createTrainer(model, compiled, { optimizer: optimizerOf(steps) })
  const gradientsOf = compileGradients(lossOf(model), parameters, compiled.session)

  const compute = async ({ batch, run }: TaskStep): Promise<ComputedStep> => {
    tf.setBackend(eager.backend)
    const inputs = tensorsOf(batch)
    const { losses, gradients } = await differentiate(model, inputs, run)
    tf.dispose(inputs as unknown as tf.TensorContainer)
    return { losses: { ...losses }, gradients: await read(gradients) }
  }

  const computeNudged = async (step: TaskStep, seed: number): Promise<ComputedStep> => {
    const start = await takeSnapshot(parameters)
    nudge(parameters, start, seed)
    const computed = await compute(step)
    assignSnapshot(parameters, start)
    return computed
  }

  const isPoint = (step: number): boolean =>
    Math.floor((step * points) / steps) > Math.floor(((step - 1) * points) / steps)
  for (let index = 0; index < steps; index++) {
    const step = await task.step(index)
    if (isPoint(index)) {
      await trainer.synchronize()
      const { losses, gradients } = await gradientsOf(step.batch, step.run)
      const actual: ComputedStep = { losses, gradients: await read(gradients) }
      const expected = await compute(step)
      const nudged = deviationsOf(await computeNudged(step, index), expected)
      onPoint(
        index,
        deviationsOf(actual, expected).map((one, i) => ({ ...one, noise: nudged[i]!.share })),
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

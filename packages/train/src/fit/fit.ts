import { createTraining, type Engine } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { findTrainingAxes } from '../axes/training-axes'
import { batchOrder } from '../batches/batch-order'
import { openPredictor } from '../predict'
import type { TrainingEvent } from '../record/events'
import type { FitResult } from '../record/fit-result'
import { startOfRun, type TrainingProgress } from '../record/training-progress'
import { assertResumable } from '../run/assert-resumable'
import type { Run } from '../run/open-run'
import { type ParameterGroups, parameterGroups } from '../settings/parameter-groups'
import { type CompleteSettings, completeSettings, type TrainingSettings } from '../settings/settings'
import { trainingOptimizer } from '../settings/training-optimizer'
import { assignSnapshot, type Snapshot, takeSnapshot } from '../snapshot'
import type { Task } from '../task'
import { InterruptedError } from './interrupted-error'
import { meanLosses } from './loss-values'
import { metric } from './metric'
import { partsOf, takeStep } from './take-step'
import { TrainingError, type TrainingFailure } from './training-error'
import { type InitialWeights, startFrom } from './warm-start'

/** What a task is trained on, and how. */
export interface FitOptions<Row, Report extends object> {
  engine: Engine
  train: readonly Row[]
  /** Chooses the best epoch; without it the last epoch is kept. */
  valid?: readonly Row[] | undefined
  /** Scored once, at the end, with the weights of the best epoch. */
  test?: readonly Row[] | undefined
  settings?: TrainingSettings | undefined
  /** A folder that `openRun` has opened: best model, last state, events, record, report. @default nothing is written */
  run?: Run<Report> | undefined
  /** Weights to start from, by name: what `readWeights` reads from a trained model. @default the model's first weights */
  init?: InitialWeights | undefined
  /** Steps between two checkpoints within an epoch; there is one after every epoch. @default none within an epoch */
  checkpointEvery?: number | undefined
  onEvent?: ((event: TrainingEvent<Report>) => void) | undefined
  /** Is told what a person should know before the first step: where a run goes on, which weights start anew. */
  onNote?: ((note: string) => void) | undefined
  /** Ends the run after the step at hand, with a checkpoint. */
  signal?: AbortSignal | undefined
}

/**
 * Trains a task's model in place and leaves it with the weights of its best epoch. With a run, all of it is written as it goes,
 * and goes on from there where it ended early: on the same engine and threads to the same bytes.
 *
 * @throws TrainingError when a loss or a gradient is not finite; the model then holds the weights of the best epoch before.
 * @throws InterruptedError where `signal` asked for it, after a checkpoint.
 * @throws InvalidArgumentError for a setting out of range, no rows, a run of other settings, or a score that is no number:
 * before the first step, and nothing is left in a run's folder then.
 */
export async function fit<Row, Inputs extends object, Prediction, Report extends object>(
  task: Task<Row, Inputs, Prediction, Report>,
  options: FitOptions<Row, Report>,
): Promise<FitResult<Report>> {
  const { run } = options
  assertRows('train', options.train, 'Give rows to train on.')
  if (options.valid) assertRows('valid', options.valid, 'Leave it out to keep the last epoch.')
  if (!run) return withFrozen(task, options)
  await run.check()
  return run.locked(() => withFrozen(task, options))
}

/** Trains with the frozen groups out of training from before anything looks at the parameters, and lets them in again however it ends. */
async function withFrozen<Row, Inputs extends object, Prediction, Report extends object>(
  task: Task<Row, Inputs, Prediction, Report>,
  options: FitOptions<Row, Report>,
): Promise<FitResult<Report>> {
  const settings = completeSettings(options.settings)
  const { groups, frozen } = parameterGroups(task, settings)
  const parameters = task.model.parameters()
  for (const name of frozen) parameters[name]!.trainable = false
  try {
    return await train(task, { ...options, settings, groups })
  } finally {
    for (const name of frozen) parameters[name]!.trainable = true
  }
}

type Training<Row, Report extends object> = Omit<FitOptions<Row, Report>, 'settings'> &
  Pick<ParameterGroups, 'groups'> & { settings: CompleteSettings }

async function train<Row, Inputs extends object, Prediction, Report extends object>(
  task: Task<Row, Inputs, Prediction, Report>,
  {
    engine,
    train: rows,
    valid,
    test,
    run,
    init,
    signal,
    settings,
    groups,
    ...options
  }: Training<Row, Report>,
): Promise<FitResult<Report>> {
  const { onEvent = () => {}, onNote = () => {}, checkpointEvery = Number.POSITIVE_INFINITY } = options
  const { epochs, batchSize, accumulate, patience, seed } = settings
  const parameters = task.model.parameters()
  const metricOf = (report: Report): number => metric(task, report)
  const resumed = await run?.begin({
    model: task.model,
    settings,
    engine,
    splits: { train: rows, valid, test },
  })
  resumed?.notes.forEach(onNote)
  const last = resumed?.last
  // Who goes on has begun from it already.
  if (init && !last) startFrom(parameters, init).forEach(onNote)
  if (last) {
    assertResumable(parameters, last)
    assignSnapshot(parameters, last.weights)
  }
  const lengths = task.length && rows.map(row => task.length!(row))
  const optimizer = trainingOptimizer(rows.length, settings, groups)
  const training = await createTraining<Inputs>(
    engine,
    (inputs, applied) => task.loss(inputs, applied),
    parameters,
    { optimizer, onNote },
  )
  const predictor = openPredictor(task, { engine, weights: 'input' })
  const axes =
    engine.name === 'onnx' ? await findTrainingAxes(task, rows, partSizes(rows.length, settings)) : undefined
  const stepsPerEpoch = Math.ceil(rows.length / batchSize)
  const steps = epochs * stepsPerEpoch
  const startedAt = performance.now()
  const progress: TrainingProgress<Report> = structuredClone(last?.progress ?? startOfRun<Report>())
  const firstStep = progress.step
  const reached = new Set(progress.reached)
  let best: Snapshot = last?.best ?? (await takeSnapshot(parameters))
  let done = 0

  const tell = (event: TrainingEvent<Report>): void => {
    run?.logEvent(event)
    onEvent(event)
  }

  const fail = (failure: Pick<TrainingFailure, 'what' | 'losses'>): never => {
    const { epoch, step, best } = progress
    const { learningRate } = settings
    throw new TrainingError({ ...failure, epoch, step: step + 1, learningRate, kept: best.epoch })
  }

  /** @param weights those of now, where they have been taken already */
  const checkpoint = async (weights?: Snapshot): Promise<void> => {
    if (!run) return
    await training.synchronize()
    await run.saveLast({
      progress: structuredClone({ ...progress, reached: [...reached].sort() }),
      weights: weights ?? (await takeSnapshot(parameters)),
      optimizer: await training.state(),
    })
  }

  const isOutOfPatience = (): boolean =>
    patience !== null && valid !== undefined && progress.epoch - 1 - progress.best.epoch >= patience

  const trainEpoch = async (): Promise<void> => {
    const { epoch } = progress
    const order = batchOrder(rows.length, { batchSize, seed, epoch, shuffle: true, lengths })
    const rowsOf = (places: readonly number[] = []): Row[] => places.map(place => rows[place]!)
    for (const places of order.slice(progress.stepInEpoch)) {
      await task.ahead?.(rowsOf(order[progress.stepInEpoch + 1]))
      const report = await takeStep<Row, Inputs>({
        ...{
          training,
          collate: (part, key) => task.collate(part, key),
          axesOf: axes?.of,
          rows: rowsOf(places),
        },
        ...{
          accumulate,
          seed,
          step: progress.step,
          isLast: progress.stepInEpoch + 1 === stepsPerEpoch,
          fail,
        },
      })
      for (const name of report.reached) reached.add(name)
      progress.losses.push(report.losses)
      progress.step += 1
      progress.stepInEpoch += 1
      done += places.length
      const seconds = (performance.now() - startedAt) / 1000
      tell({
        type: 'step',
        epoch,
        epochs,
        step: progress.step,
        steps,
        losses: report.losses,
        learningRate: report.learningRate,
        gradientNorm: report.gradientNorm,
        rowsPerSecond: done / seconds,
        secondsLeft: (seconds / (progress.step - firstStep)) * (steps - progress.step),
      })
      // Engines compute without ever going back to the event loop: signals and timers would wait for the epoch.
      await tf.nextFrame()
      const isInside = progress.stepInEpoch < stepsPerEpoch
      if (isInside && (signal?.aborted || progress.step % checkpointEvery === 0)) await checkpoint()
      if (isInside && signal?.aborted) throw new InterruptedError(progress.step)
    }
  }

  const endEpoch = async (seconds: number): Promise<void> => {
    const { epoch } = progress
    const losses = meanLosses(progress.losses)
    await training.synchronize()
    const validation = valid && (await task.score(await predictor.predict(valid, { batchSize }), valid))
    const before = progress.best.validation
    // Without validation rows the last epoch is kept.
    const isBest =
      !validation || metricOf(validation) > (before ? metricOf(before) : Number.NEGATIVE_INFINITY)
    progress.history.push(losses)
    progress.losses = []
    progress.epoch += 1
    progress.stepInEpoch = 0
    if (isBest) {
      best = await takeSnapshot(parameters)
      progress.best = { epoch, validation }
      await run?.saveBest(best, { epoch, validation })
    }
    tell({ type: 'epoch', epoch, epochs, losses, validation, best: isBest, seconds })
    await checkpoint(isBest ? best : undefined)
  }

  try {
    if (last) await training.restore(last.optimizer)
    while (progress.epoch <= epochs && !isOutOfPatience()) {
      const epochStarted = performance.now()
      await trainEpoch()
      await endEpoch((performance.now() - epochStarted) / 1000)
      if (signal?.aborted && progress.epoch <= epochs) throw new InterruptedError(progress.step)
    }
  } finally {
    await predictor.dispose()
    await training.dispose()
    assignSnapshot(parameters, best)
  }
  const result: FitResult<Report> = {
    bestEpoch: progress.best.epoch,
    validation: progress.best.validation,
    test: test && (await scoreOnce(task, test, engine)),
    history: progress.history,
    withoutGradient: Object.entries(parameters)
      .filter(([name, { trainable }]) => trainable && !reached.has(name))
      .map(([name]) => name),
    lastEpoch: progress.epoch - 1,
    settings,
  }
  await run?.finish(result)
  return result
}

async function scoreOnce<Row, Inputs extends object, Prediction, Report extends object>(
  task: Task<Row, Inputs, Prediction, Report>,
  rows: readonly Row[],
  engine: Engine,
): Promise<Report> {
  const predictor = openPredictor(task, { engine })
  try {
    return await task.score(await predictor.predict(rows), rows)
  } finally {
    await predictor.dispose()
  }
}

function assertRows(argument: string, rows: readonly unknown[], fix: string): void {
  if (rows.length > 0) return
  throw new InvalidArgumentError({ argument, rule: 'must hold at least one row', received: 'none', fix })
}

/** How many rows are computed together: in the parts of a whole batch, and in those of an epoch's last one. */
const partSizes = (rows: number, { batchSize, accumulate }: CompleteSettings): number[] =>
  [Math.min(rows, batchSize), rows % batchSize || batchSize].flatMap(size =>
    partsOf(new Array(size).fill(0), accumulate).map(({ length }) => length),
  )

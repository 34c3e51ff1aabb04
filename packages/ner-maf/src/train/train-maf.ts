import { type Engine, type EngineOptions, useEngine } from '@mafjs/compile/engine'
import type { CutPost, Example } from '@mafjs/data'
import type { WordTokenizer } from '@mafjs/encoders'
import { type EvaluationReport, evaluateLabels } from '@mafjs/evaluate'
import * as tf from '@tensorflow/tfjs-core'
import { assignSnapshot, type Snapshot, takeSnapshot } from '../checkpoint/snapshot'
import { createRunner } from '../engine/create-runner'
import { goldLabels } from '../evaluate'
import type { LoadPictures } from '../model/batch-arrays'
import type { Maf } from '../model/maf'
import { tagInBatches } from '../predict/tag-in-batches'
import { assertResumable } from './assert-resumable'
import { assertTrainable } from './check-examples'
import { createTrainer } from './create-trainer'
import type { LossValues, TrainingEvent } from './events'
import { InterruptedError } from './interrupted-error'
import { meanLosses } from './loss-values'
import { parameterGroups } from './parameter-groups'
import { type CompleteSettings, completeSettings, type TrainingSettings } from './settings'
import { takeStep } from './take-step'
import { createTrainingBatches } from './training-batches'
import { TrainingError, type TrainingFailure } from './training-error'
import { trainingOptimizer } from './training-optimizer'
import {
  type ResumedTraining,
  startOfRun,
  type TrainingCheckpoint,
  type TrainingProgress,
} from './training-progress'

/** Which engine trains. */
export interface TrainingEngineOptions extends Omit<EngineOptions, 'engine'> {
  /** One that is started here, or one that `useEngine` has started. @default 'auto' */
  engine?: EngineOptions['engine'] | Engine
}

/** What a run is given. */
export interface TrainingInputs extends TrainingEngineOptions {
  model: Maf
  tokenizer: WordTokenizer
  train: readonly Example[]
  /** Chooses the best epoch; without it the last epoch is kept. */
  valid?: readonly Example[]
  /** Word pieces that two windows of a long post share at most. @default a long post is cut */
  windowOverlap?: number
  /** The pictures of some posts; left out for a text-only model. */
  loadPictures?: LoadPictures
  /** Told of posts whose pictures are asked for next, while others are computed. @default nobody is */
  readAhead?: (examples: readonly Example[]) => Promise<void>
  settings?: TrainingSettings
  onEvent?: (event: TrainingEvent) => void
  /** Called with the weights of every epoch that is the best so far. */
  onBest?: (snapshot: Snapshot, epoch: number, validation?: EvaluationReport) => Promise<void>
  /** Called after every epoch, and between where `checkpointEvery` says so, with all that is needed to go on. */
  onCheckpoint?: (checkpoint: TrainingCheckpoint) => Promise<void>
  /** Steps between two checkpoints within an epoch. @default none within an epoch */
  checkpointEvery?: number
  /** Where to go on; everything else must be as it was. @default at the beginning */
  resume?: ResumedTraining
  /** Ends the run after the step at hand, with a checkpoint. */
  signal?: AbortSignal
}

/** What a run ends with; the model holds the weights of the best epoch. */
export interface TrainingResult {
  bestEpoch: number
  validation?: EvaluationReport
  /** Mean losses of every epoch. */
  history: LossValues[]
  /** Posts of the training split that the length limit cuts. */
  cut: CutPost[]
  /** Posts of the training split that were read in windows, and what there was to train on: windows and whole posts. */
  windows: { posts: number; examples: number }
  /** Parameters that no step gave a gradient. */
  withoutGradient: string[]
  /** The last epoch that was trained: fewer than there were to be where patience ended the run. */
  lastEpoch: number
  settings: CompleteSettings
}

/**
 * Trains a model in place and leaves it with the weights of its best epoch.
 *
 * @throws TrainingError when a loss or a gradient is not finite; the model then holds the weights of the best epoch
 * before.
 * @throws InterruptedError where `signal` asked for it, after a checkpoint.
 * @throws InvalidArgumentError for a setting out of range, an empty split, posts without labels or with unknown ones, or
 * an engine that cannot be had.
 */
export async function trainMaf({
  model,
  tokenizer,
  train,
  valid,
  windowOverlap,
  loadPictures,
  readAhead,
  settings,
  engine = 'auto',
  backend,
  threads,
  worker,
  onEvent = () => {},
  onBest = async () => {},
  onCheckpoint,
  checkpointEvery = Number.POSITIVE_INFINITY,
  resume,
  signal,
}: TrainingInputs): Promise<TrainingResult> {
  const complete = completeSettings(settings)
  const { epochs, batchSize, accumulate, patience, seed } = complete
  const { config } = model
  assertTrainable({ train, valid, labels: config.labels })
  const started = typeof engine === 'object' ? engine : await useEngine({ engine, backend, threads, worker })
  const parameters = model.parameters()
  const { groups, frozen } = groupsOf(model, complete)
  const thaw = freeze(frozen.map(name => parameters[name]!))
  const windows = windowOverlap !== undefined && { windowOverlap }
  const batches = createTrainingBatches({
    ...{ config, tokenizer, train, loadPictures, batchSize, seed },
    ...windows,
  })
  const { examples } = batches
  const optimizer = trainingOptimizer(examples.length, complete, groups)
  if (resume) {
    assertResumable(parameters, resume)
    assignSnapshot(parameters, resume.weights)
  }
  const trainer = await createTrainer(model, started, { optimizer })
  const runner = createRunner(model, started, { weights: 'input' })
  const stepsPerEpoch = Math.ceil(examples.length / batchSize)
  const steps = epochs * stepsPerEpoch
  const startedAt = performance.now()
  const progress: TrainingProgress = structuredClone(resume?.progress ?? startOfRun())
  const firstStep = progress.step
  const reached = new Set(progress.reached)
  let best = resume?.best ?? (await takeSnapshot(parameters))
  let posts = 0

  const fail = (failure: Pick<TrainingFailure, 'what' | 'losses'>): never => {
    const { epoch, step, best } = progress
    const { learningRate } = complete
    throw new TrainingError({ ...failure, epoch, step: step + 1, learningRate, kept: best.epoch })
  }

  const score = async (posts: readonly Example[]): Promise<EvaluationReport> => {
    const tagged = await tagInBatches(posts, {
      model,
      runner,
      tokenizer,
      loadPictures,
      readAhead,
      batchSize,
      ...windows,
    })
    return evaluateLabels({ gold: goldLabels(posts), predicted: tagged.map(({ labels }) => labels) })
  }

  /** @param weights those of now, where they have been taken already */
  const checkpoint = async (weights?: Snapshot): Promise<void> => {
    if (!onCheckpoint) return
    await trainer.synchronize()
    await onCheckpoint({
      progress: structuredClone({ ...progress, reached: [...reached].sort() }),
      weights: weights ?? (await takeSnapshot(parameters)),
      optimizer: await trainer.state(),
    })
  }

  const isOutOfPatience = (): boolean =>
    patience !== null && valid !== undefined && progress.epoch - 1 - progress.best.epoch >= patience

  const trainEpoch = async (): Promise<void> => {
    const { epoch } = progress
    const order = batches.order(epoch)
    for (const places of order.slice(progress.stepInEpoch)) {
      await readAhead?.((order[progress.stepInEpoch + 1] ?? []).map(place => examples[place]!))
      const isLast = progress.stepInEpoch + 1 === stepsPerEpoch
      const { step } = progress
      const report = await takeStep({ trainer, batches, places, accumulate, seed, step, isLast, fail })
      for (const name of report.reached) reached.add(name)
      progress.losses.push(report.losses)
      progress.step += 1
      progress.stepInEpoch += 1
      posts += places.length
      const seconds = (performance.now() - startedAt) / 1000
      onEvent({
        type: 'step',
        epoch,
        epochs,
        step: progress.step,
        steps,
        losses: report.losses,
        learningRate: report.learningRate,
        gradientNorm: report.gradientNorm,
        postsPerSecond: posts / seconds,
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
    await trainer.synchronize()
    const validation = valid && (await score(valid))
    // Strict F1 chooses the epoch; without a validation split the last one is kept.
    const before = progress.best.validation?.strict.micro.f1 ?? Number.NEGATIVE_INFINITY
    const isBest = !validation || validation.strict.micro.f1 > before
    progress.history.push(losses)
    progress.losses = []
    progress.epoch += 1
    progress.stepInEpoch = 0
    if (isBest) {
      best = await takeSnapshot(parameters)
      progress.best = { epoch, validation }
      await onBest(best, epoch, validation)
    }
    onEvent({ type: 'epoch', epoch, epochs, losses, validation, best: isBest, seconds })
    await checkpoint(isBest ? best : undefined)
  }

  try {
    if (resume) await trainer.restore(resume.optimizer)
    while (progress.epoch <= epochs && !isOutOfPatience()) {
      const epochStarted = performance.now()
      await trainEpoch()
      await endEpoch((performance.now() - epochStarted) / 1000)
      if (signal?.aborted && progress.epoch <= epochs) throw new InterruptedError(progress.step)
    }
  } finally {
    await runner.dispose()
    await trainer.dispose()
    assignSnapshot(parameters, best)
    thaw()
  }
  return {
    bestEpoch: progress.best.epoch,
    validation: progress.best.validation,
    history: progress.history,
    cut: batches.cut,
    windows: { posts: batches.divided, examples: examples.length },
    withoutGradient: Object.entries(parameters)
      .filter(([name, { trainable }]) => trainable && !frozen.includes(name) && !reached.has(name))
      .map(([name]) => name),
    lastEpoch: progress.epoch - 1,
    settings: complete,
  }
}

/** How the parameters of a model are trained. */
function groupsOf(model: Maf, { groups, learningRate, layerDecay }: CompleteSettings) {
  const names = Object.entries(model.parameters())
    .filter(([, { trainable }]) => trainable)
    .map(([name]) => name)
  const { layers: textLayers = 12 } = model.config.textEncoder
  return parameterGroups({ names, textLayers, learningRate, layerDecay, groups })
}

/** Takes variables out of training; what is returned lets them in again. */
function freeze(variables: readonly tf.Variable[]): () => void {
  for (const variable of variables) variable.trainable = false
  return () => {
    for (const variable of variables) variable.trainable = true
  }
}

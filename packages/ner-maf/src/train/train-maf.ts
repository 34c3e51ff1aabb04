import type { WordTokenizer } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { assignSnapshot, type Snapshot, takeSnapshot } from '../checkpoint/snapshot'
import type { CutPost, Example, PictureBatch } from '../data'
import { createRunner } from '../engine/create-runner'
import { type Engine, type EngineOptions, useEngine } from '../engine/use-engine'
import { type EvaluationReport, evaluateLabels, goldLabels } from '../evaluate'
import type { Maf } from '../model/maf'
import { tagInBatches } from '../predict/tag-in-batches'
import { assertTrainable } from './check-examples'
import { createTrainer } from './create-trainer'
import type { LossValues, TrainingEvent } from './events'
import { areFinite, meanLosses } from './loss-values'
import { type CompleteSettings, completeSettings, type TrainingSettings } from './settings'
import type { StepReport, TrainingBatch } from './trainer'
import { createTrainingBatches } from './training-batches'
import { TrainingError, type TrainingFailure } from './training-error'
import { trainingOptimizer } from './training-optimizer'

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
  /** The pictures of some posts; left out for a text-only model. */
  loadPictures?: (examples: readonly Example[]) => Promise<PictureBatch>
  settings?: TrainingSettings
  onEvent?: (event: TrainingEvent) => void
  /** Called with the weights of every epoch that is the best so far. */
  onBest?: (snapshot: Snapshot, epoch: number, validation?: EvaluationReport) => Promise<void>
}

/** What a run ends with; the model holds the weights of the best epoch. */
export interface TrainingResult {
  bestEpoch: number
  validation?: EvaluationReport
  /** Mean losses of every epoch. */
  history: LossValues[]
  /** Posts of the training split that the length limit cuts. */
  cut: CutPost[]
  /** Parameters that no step gave a gradient. */
  withoutGradient: string[]
  settings: CompleteSettings
}

/**
 * Trains a model in place and leaves it with the weights of its best epoch.
 *
 * @throws TrainingError when a loss or a gradient is not finite; the model then holds the weights of the best epoch
 * before.
 * @throws InvalidArgumentError for a setting out of range, an empty split, posts without labels or with unknown ones, or
 * an engine that cannot be had.
 */
export async function trainMaf({
  model,
  tokenizer,
  train,
  valid,
  loadPictures,
  settings,
  engine = 'auto',
  backend,
  threads,
  worker,
  onEvent = () => {},
  onBest = async () => {},
}: TrainingInputs): Promise<TrainingResult> {
  const complete = completeSettings(settings)
  const { epochs, batchSize, seed } = complete
  const { config } = model
  assertTrainable({ train, valid, labels: config.labels })
  const started = typeof engine === 'object' ? engine : await useEngine({ engine, backend, threads, worker })
  const parameters = model.parameters()
  const batches = createTrainingBatches({ config, tokenizer, train, loadPictures, batchSize, seed })
  const optimizer = trainingOptimizer(train.length, complete)
  const trainer = await createTrainer(model, started, { optimizer })
  const runner = createRunner(model, started, { weights: 'input' })
  const stepsPerEpoch = Math.ceil(train.length / batchSize)
  const steps = epochs * stepsPerEpoch
  const startedAt = performance.now()
  const reached = new Set<string>()
  const history: LossValues[] = []
  let best = { epoch: 0, f1: Number.NEGATIVE_INFINITY, snapshot: await takeSnapshot(parameters) }
  let bestReport: EvaluationReport | undefined
  let posts = 0
  let step = 0

  const stop = (failure: Omit<TrainingFailure, 'learningRate' | 'kept' | 'step'>): never => {
    const { learningRate } = complete
    throw new TrainingError({ ...failure, step: step + 1, learningRate, kept: best.epoch })
  }

  /** One update; after the epoch's last one the weights must still give a finite loss, for they may be kept. */
  const update = async (batch: TrainingBatch, epoch: number, isLast: boolean): Promise<StepReport> => {
    const report = await trainer.step(batch, { seed, step })
    const { losses, gradientNorm } = report
    if (!areFinite(losses)) stop({ what: 'loss', epoch, losses })
    if (!Number.isFinite(gradientNorm)) stop({ what: 'gradients', epoch, losses })
    const after = isLast ? await trainer.losses(batch, { seed, step }) : losses
    if (!areFinite(after)) stop({ what: 'loss after the update', epoch, losses: after })
    return report
  }

  const score = async (examples: readonly Example[]): Promise<EvaluationReport> => {
    const tagged = await tagInBatches(examples, { model, runner, tokenizer, loadPictures, batchSize })
    return evaluateLabels({ gold: goldLabels(examples), predicted: tagged.map(({ labels }) => labels) })
  }

  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const epochStarted = performance.now()
      const losses: LossValues[] = []
      for (const places of batches.order(epoch)) {
        const batch = await batches.make(places, step)
        const report = await update(batch, epoch, step + 1 === epoch * stepsPerEpoch)
        for (const name of report.reached) reached.add(name)
        losses.push(report.losses)
        step += 1
        posts += places.length
        const seconds = (performance.now() - startedAt) / 1000
        onEvent({
          type: 'step',
          epoch,
          epochs,
          step,
          steps,
          losses: report.losses,
          learningRate: report.learningRate,
          gradientNorm: report.gradientNorm,
          postsPerSecond: posts / seconds,
          secondsLeft: (seconds / step) * (steps - step),
        })
        // Engines compute without ever going back to the event loop: signals and timers would wait for the epoch.
        await tf.nextFrame()
      }
      const mean = meanLosses(losses)
      history.push(mean)
      await trainer.synchronize()
      const validation = valid && (await score(valid))
      // Strict F1 chooses the epoch; without a validation split the last one is kept.
      const f1 = validation ? validation.strict.micro.f1 : epoch
      const isBest = f1 > best.f1
      if (isBest) {
        best = { epoch, f1, snapshot: await takeSnapshot(parameters) }
        bestReport = validation
        await onBest(best.snapshot, epoch, validation)
      }
      onEvent({
        type: 'epoch',
        epoch,
        epochs,
        losses: mean,
        validation,
        best: isBest,
        seconds: (performance.now() - epochStarted) / 1000,
      })
    }
  } finally {
    await runner.dispose()
    await trainer.dispose()
    assignSnapshot(parameters, best.snapshot)
  }
  return {
    bestEpoch: best.epoch,
    validation: bestReport,
    history,
    cut: batches.cut(),
    withoutGradient: Object.entries(parameters)
      .filter(([name, { trainable }]) => trainable && !reached.has(name))
      .map(([name]) => name),
    settings: complete,
  }
}

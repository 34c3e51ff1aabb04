import type { WordTokenizer } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { assignSnapshot, type Snapshot, takeSnapshot } from '../checkpoint/snapshot'
import { batchOrder, type CutPost, collate, type Example, type PictureBatch } from '../data'
import { type EvaluationReport, evaluateLabels, goldLabels } from '../evaluate'
import { batchTensors } from '../model/batch-tensors'
import { labelIds } from '../model/label-ids'
import type { Maf, MafInputs } from '../model/maf'
import { tagInBatches } from '../predict/tag-in-batches'
import { assertTrainable } from './check-examples'
import { differentiate, lossesOf } from './differentiate'
import type { LossValues, TrainingEvent } from './events'
import { exchangesOf } from './exchanges-of'
import { areFinite, meanLosses } from './loss-values'
import { type CompleteSettings, completeSettings, type TrainingSettings } from './settings'
import { TrainingError, type TrainingFailure } from './training-error'
import { trainingOptimizer } from './training-optimizer'

/** What a run is given. */
export interface TrainingInputs {
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
 * @throws InvalidArgumentError for a setting out of range, an empty split, or posts without labels or with unknown ones.
 */
export async function trainMaf({
  model,
  tokenizer,
  train,
  valid,
  loadPictures,
  settings,
  onEvent = () => {},
  onBest = async () => {},
}: TrainingInputs): Promise<TrainingResult> {
  const complete = completeSettings(settings)
  const { epochs, batchSize, seed } = complete
  const { config } = model
  assertTrainable({ train, valid, labels: config.labels })
  const scheme = labelIds(config)
  const parameters = model.parameters()
  const stepsPerEpoch = Math.ceil(train.length / batchSize)
  const steps = epochs * stepsPerEpoch
  const optimizer = trainingOptimizer(parameters, train.length, complete)
  // A fixed length pads everything alike; else batches of like length save much of the work.
  const lengths = config.padTo === 'longest' ? train.map(({ words }) => words.length) : undefined
  const started = performance.now()
  const cut = new Map<string, CutPost>()
  const reached = new Set<string>()
  const history: LossValues[] = []
  let best = { epoch: 0, f1: Number.NEGATIVE_INFINITY, snapshot: await takeSnapshot(parameters) }
  let bestReport: EvaluationReport | undefined
  let posts = 0
  let step = 0

  const inputsFor = async (examples: readonly Example[]): Promise<MafInputs> => {
    const batch = collate(examples, { tokenizer, scheme, padTo: config.padTo })
    for (const post of batch.cut) cut.set(`${post.file}:${post.line}`, post)
    const pictures = config.interaction && (await loadPictures?.(examples))
    const inputs = batchTensors(config, batch, pictures)
    if (pictures && config.matching) {
      const { exchange } = config.matching
      inputs.exchanges = exchangesOf(exchange, batch.pictureIds, pictures.present, { seed, step })
    }
    return inputs
  }

  const stop = (failure: Omit<TrainingFailure, 'learningRate' | 'kept' | 'step'>): never => {
    assignSnapshot(parameters, best.snapshot)
    const { learningRate } = complete
    throw new TrainingError({ ...failure, step: step + 1, learningRate, kept: best.epoch })
  }

  /** One update; after the epoch's last one the weights must still give a finite loss, for they may be kept. */
  const update = async (inputs: MafInputs, epoch: number, isLast: boolean) => {
    const { gradients, losses } = await differentiate(model, inputs, { seed, step })
    try {
      if (!areFinite(losses)) stop({ what: 'loss', epoch, losses })
      const report = await optimizer.update(gradients)
      if (!Number.isFinite(report.gradientNorm)) stop({ what: 'gradients', epoch, losses })
      const after = isLast ? await lossesOf(model, inputs) : losses
      if (!areFinite(after)) stop({ what: 'loss after the update', epoch, losses: after })
      return { ...report, losses }
    } finally {
      tf.dispose(gradients)
    }
  }

  const score = async (examples: readonly Example[]): Promise<EvaluationReport> => {
    const tagged = await tagInBatches(examples, { model, tokenizer, loadPictures, batchSize })
    return evaluateLabels({ gold: goldLabels(examples), predicted: tagged.map(({ labels }) => labels) })
  }

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const epochStarted = performance.now()
    const losses: LossValues[] = []
    for (const indices of batchOrder(train.length, { batchSize, seed, epoch, shuffle: true, lengths })) {
      const inputs = await inputsFor(indices.map(index => train[index]!))
      const report = await update(inputs, epoch, step + 1 === epoch * stepsPerEpoch).finally(() =>
        tf.dispose(inputs as unknown as tf.TensorContainer),
      )
      for (const name of report.reached) reached.add(name)
      losses.push(report.losses)
      step += 1
      posts += indices.length
      const seconds = (performance.now() - started) / 1000
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
      // The backend computes without ever going back to the event loop: signals and timers would wait for the epoch.
      await tf.nextFrame()
    }
    const mean = meanLosses(losses)
    history.push(mean)
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
  assignSnapshot(parameters, best.snapshot)
  return {
    bestEpoch: best.epoch,
    validation: bestReport,
    history,
    cut: [...cut.values()],
    withoutGradient: Object.entries(parameters)
      .filter(([name, { trainable }]) => trainable && !reached.has(name))
      .map(([name]) => name),
    settings: complete,
  }
}

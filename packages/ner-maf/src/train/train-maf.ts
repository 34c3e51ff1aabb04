import type { WordTokenizer } from '@mafjs/encoders'
import { type Parameters, valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { assignSnapshot, type Snapshot, takeSnapshot } from '../checkpoint/snapshot'
import { type Batch, batchOrder, type CutPost, collate, type Example, type PictureBatch } from '../data'
import { type EvaluationReport, evaluateLabels, goldLabels } from '../evaluate'
import { batchTensors } from '../model/batch-tensors'
import { labelIds } from '../model/label-ids'
import type { Maf, MafInputs } from '../model/maf'
import { tagInBatches } from '../predict/tag-in-batches'
import { createAdamW } from './adamw'
import { createBertAdam } from './bert-adam'
import { clipByGlobalNorm, clipPerTensor } from './clipping'
import type { LossValues, TrainingEvent } from './events'
import { exchangesOf } from './exchanges-of'
import { linearSchedule, publishedSchedule } from './schedules'
import { TrainingError } from './training-error'

/** The knobs of a run; the defaults are the paper's. */
export interface TrainingSettings {
  /** Passes over the training split. @default 24, as the paper has it for Twitter-2015 */
  epochs?: number
  /** Posts per step. @default 64 */
  batchSize?: number
  /** Highest learning rate, reached after the warm-up. @default 5e-5 */
  learningRate?: number
  /** Share of the steps in which the learning rate rises. @default 0.1 */
  warmup?: number
  /** Decoupled weight decay; biases and layer norms have none. @default 0.01 */
  weightDecay?: number
  /** Largest norm of the gradients. @default 1 */
  clip?: number
  /** Seed of the data order, the exchanges and the dropout. @default 37 */
  seed?: number
  /**
   * `adamw`: AdamW, a linear schedule floored at 0, clipping by the global norm; `published`: what the published code
   * does (no bias correction, its own schedule, clipping per tensor).
   * @default 'adamw'
   */
  optimizer?: 'adamw' | 'published'
}

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

/** Every setting of a run. */
export type CompleteSettings = Required<TrainingSettings>

/** Every setting with its default filled in. */
export const completeSettings = ({
  epochs = 24,
  batchSize = 64,
  learningRate = 5e-5,
  warmup = 0.1,
  weightDecay = 0.01,
  clip = 1,
  seed = 37,
  optimizer = 'adamw',
}: TrainingSettings = {}): CompleteSettings => ({
  epochs,
  batchSize,
  learningRate,
  warmup,
  weightDecay,
  clip,
  seed,
  optimizer,
})

function createOptimizerFor(parameters: Parameters, total: number, settings: CompleteSettings) {
  const { learningRate, warmup, weightDecay, clip, optimizer } = settings
  const shared = { learningRate, weightDecay }
  return optimizer === 'adamw'
    ? createAdamW(parameters, {
        ...shared,
        schedule: linearSchedule({ total, warmup }),
        clipping: clipByGlobalNorm(clip),
      })
    : createBertAdam(parameters, {
        ...shared,
        schedule: publishedSchedule({ total, warmup }),
        clipping: clipPerTensor(clip),
      })
}

const addLosses = (sum: LossValues, { total, tagging, matching, alignment }: LossValues): LossValues => ({
  total: sum.total + total,
  tagging: sum.tagging + tagging,
  matching: sum.matching + matching,
  alignment: sum.alignment + alignment,
})

const NO_LOSS: LossValues = { total: 0, tagging: 0, matching: 0, alignment: 0 }

/** One step's losses and gradients. The caller disposes the gradients. */
async function differentiate(model: Maf, inputs: MafInputs, seed: number, step: number) {
  let parts: tf.Scalar[] = []
  const { value, gradients } = valueAndGradients(() => {
    const { losses } = model.apply(inputs, { training: true, seed, step })
    const { total, tagging, matching, alignment } = losses!
    parts = [tagging, matching, alignment].map(part => tf.keep(tf.clone(part)))
    return total
  }, model.parameters())
  const [total, tagging, matching, alignment] = (
    await Promise.all([value, ...parts].map(scalar => scalar.data()))
  ).map(([number]) => number!) as [number, number, number, number]
  tf.dispose([value, ...parts])
  return { gradients, losses: { total, tagging, matching, alignment } }
}

/**
 * Trains a model in place and leaves it with the weights of its best epoch.
 *
 * @throws TrainingError when a loss is not a number; the model then holds the weights of the last good epoch.
 * @throws InvalidArgumentError for an empty split or posts without labels.
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
  const scheme = labelIds(config)
  const parameters = model.parameters()
  const stepsPerEpoch = batchOrder(train.length, { batchSize }).length
  const steps = epochs * stepsPerEpoch
  const optimizer = createOptimizerFor(parameters, steps, complete)
  const started = performance.now()
  const cut = new Map<string, CutPost>()
  const reached = new Set<string>()
  const history: LossValues[] = []
  let best = { epoch: 0, f1: Number.NEGATIVE_INFINITY, snapshot: await takeSnapshot(parameters) }
  let bestReport: EvaluationReport | undefined
  let posts = 0
  let step = 0

  const loadBatch = async (
    indices: readonly number[],
  ): Promise<{ batch: Batch; pictures?: PictureBatch }> => {
    const examples = indices.map(index => train[index]!)
    const batch = collate(examples, { tokenizer, scheme, padTo: config.padTo })
    for (const post of batch.cut) cut.set(`${post.file}:${post.line}`, post)
    return { batch, pictures: await loadPictures?.(examples) }
  }

  const score = async (examples: readonly Example[]): Promise<EvaluationReport> => {
    const tagged = await tagInBatches(examples, { model, tokenizer, loadPictures, batchSize })
    return evaluateLabels({ gold: goldLabels(examples), predicted: tagged.map(({ labels }) => labels) })
  }

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const epochStarted = performance.now()
    let sum = NO_LOSS
    for (const indices of batchOrder(train.length, { batchSize, seed, epoch, shuffle: true })) {
      const { batch, pictures } = await loadBatch(indices)
      const inputs = batchTensors(config, batch, pictures)
      if (pictures && config.matching) {
        inputs.exchanges = exchangesOf(config.matching.exchange, batch.pictureIds, pictures.present, {
          seed,
          step,
        })
      }
      const { gradients, losses } = await differentiate(model, inputs, seed, step)
      tf.dispose(inputs as unknown as tf.TensorContainer)
      if (!Object.values(losses).every(Number.isFinite)) {
        tf.dispose(gradients)
        assignSnapshot(parameters, best.snapshot)
        throw new TrainingError({
          epoch,
          step,
          losses,
          learningRate: complete.learningRate,
          kept: best.epoch,
        })
      }
      for (const name of Object.keys(gradients)) reached.add(name)
      const { learningRate, gradientNorm } = await optimizer.update(gradients)
      tf.dispose(gradients)
      step += 1
      posts += batch.batch
      sum = addLosses(sum, losses)
      const seconds = (performance.now() - started) / 1000
      onEvent({
        type: 'step',
        epoch,
        epochs,
        step,
        steps,
        losses,
        learningRate,
        gradientNorm,
        postsPerSecond: posts / seconds,
        secondsLeft: (seconds / step) * (steps - step),
      })
    }
    const mean = Object.fromEntries(
      Object.entries(sum).map(([part, value]) => [part, value / stepsPerEpoch]),
    ) as unknown as LossValues
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

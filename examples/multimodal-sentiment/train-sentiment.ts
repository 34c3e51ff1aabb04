import { compile, compileTraining, type Given } from '@mafjs/compile'
import { classificationReport } from '@mafjs/evaluate'
import { chooseExchanges } from '@mafjs/match'
import { InvalidArgumentError, permutation, prefixParameters } from '@mafjs/tensor'
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { classificationLoss } from './classification-loss'
import { createSentimentModel, type Exchanges } from './sentiment-model'
import type { Sides, Task } from './task'

/** Every knob of a training. */
export interface TrainingSettings {
  learningRate: number
  /** Passes over the training posts; the one with the best macro F1 on validation is kept. */
  epochs: number
  batchSize: number
  weightDecay: number
  dropoutRate: number
  hidden: number
  /** Weight of the matching loss beside the classifier's. */
  matching: number
}

/** Posts by their index. */
export interface Splits {
  train: readonly number[]
  valid: readonly number[]
  test: readonly number[]
}

/** A model that was trained. */
export interface TrainedSentiment {
  /** The most likely class of each post. */
  predict(posts: readonly number[]): Promise<number[]>
  /** The epoch that was kept; 0 is the untrained model. */
  epoch: number
  /** Its macro F1 on validation. */
  validation: number
  dispose(): Promise<void>
}

interface Step<Batch> extends Exchanges {
  posts: Batch
  /** `[batch, classes]` */
  targets: Tensor2D
}

/**
 * Trains a model on one side of posts, or on both; keeps the epoch with the best validation.
 *
 * @throws InvalidArgumentError for fewer training posts than a step has.
 */
export async function trainSentiment<Batch extends object>(
  task: Task<Batch>,
  { train, valid }: Splits,
  sides: Sides,
  settings: TrainingSettings,
  seed: number,
): Promise<TrainedSentiment> {
  const { learningRate, epochs, batchSize, weightDecay, dropoutRate, hidden, matching } = settings
  const steps = Math.floor(train.length / batchSize)
  if (steps === 0) {
    throw new InvalidArgumentError({
      argument: 'train',
      rule: `must have at least ${batchSize} posts, those of one step`,
      received: `${train.length} posts`,
      fix: 'Give more posts, or a smaller batchSize.',
    })
  }
  const classes = task.classes.length
  const encoders = task.createEncoders(seed)
  const { textSize, imageSize } = encoders
  const model = createSentimentModel({ textSize, imageSize, classes, hidden, dropoutRate, seed })
  const training = await compileTraining(
    ({ posts, targets, ...exchanges }: Step<Batch>, options) => {
      const { logits, matchingLoss } = model.apply(encoders.encode(posts, options), options, exchanges)
      return tf.add(classificationLoss(logits, targets), tf.mul(matchingLoss, matching)) as Scalar
    },
    { ...prefixParameters('encoders', encoders.parameters()), ...model.parameters() },
    {
      threads: 1,
      optimizer: {
        ...{ kind: 'adamw', learningRate, weightDecay },
        clipping: { kind: 'global-norm', limit: 1 },
        schedule: { kind: 'linear', total: steps * epochs },
      },
    },
  )
  const likely = compile(
    ({ posts }: { posts: Batch }) => ({
      label: tf.argMax(model.apply(encoders.encode(posts)).logits, 1),
    }),
    { threads: 1, weights: 'input' },
  )
  const predict = async (posts: readonly number[]): Promise<number[]> => {
    const labels: number[] = []
    for (let start = 0; start < posts.length; start += batchSize) {
      // The last batch is filled up: another size would be another program.
      const some = Array.from({ length: batchSize }, (_, i) => posts[start + i] ?? posts[start]!)
      const given = { posts: task.batch(some, sides) } as unknown as Given<{ posts: Batch }>
      const { label } = await likely.run(given)
      labels.push(...Array.from(label!.data as Int32Array).slice(0, posts.length - start))
    }
    return labels
  }
  const validate = async (): Promise<number> =>
    classificationReport({
      gold: valid.map(post => task.labels[post]!),
      predicted: await predict(valid),
      classes: [...task.classes.keys()],
    }).macro.f1

  const batchOf = (rows: readonly number[], step: number) => {
    const targets = new Float32Array(batchSize * classes)
    for (const [i, row] of rows.entries()) targets[i * classes + task.labels[row]!] = 1
    const ids = rows.map(row => task.groups[row]!)
    // With one side there is nothing to match.
    const rate = sides === 'both' ? 0.25 : 0
    const partners = chooseExchanges({ ids, rate, minimum: 0, seed, step })
    return {
      posts: task.batch(rows, sides),
      targets: { data: targets, shape: [batchSize, classes] },
      partners,
      matched: Float32Array.from(partners, (partner, i) => (partner === i ? 1 : 0)),
    } as unknown as Given<Step<Batch>>
  }

  let best = { epoch: 0, validation: await validate(), state: await training.state() }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(train.length, { seed, step: epoch, site: 'order' }).map(i => train[i]!)
    for (let i = 0; i < steps; i++) {
      const step = (epoch - 1) * steps + i
      await training.step(batchOf(order.slice(i * batchSize, (i + 1) * batchSize), step), { seed, step })
    }
    await training.synchronize()
    const validation = await validate()
    if (validation > best.validation) best = { epoch, validation, state: await training.state() }
  }
  await training.restore(best.state)
  await training.dispose()
  return {
    predict,
    epoch: best.epoch,
    validation: best.validation,
    async dispose() {
      await likely.dispose()
      model.dispose()
      encoders.dispose()
    },
  }
}

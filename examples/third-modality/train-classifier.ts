import { compile, compileTraining } from '@mafjs/compile'
import { InvalidArgumentError, permutation } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { batchPosts, trainingBatch, vocabularyOf } from './batch-posts'
import { type ClassifierInputs, createClassifier } from './classifier'
import { type Post, SUBJECT_NAMES } from './draw-posts'
import { BANDS } from './draw-sound'
import { accuracy } from './metrics'

/** Every knob of a training. */
export interface TrainingSettings {
  learningRate: number
  /** Passes over the training posts; the one with the best validation is kept. */
  epochs: number
  batchSize: number
  hidden: number
  /** What the loss of alignment counts beside that of classification. */
  alignmentWeight: number
  /** The same of matching. */
  matchingWeight: number
}

/** What a classifier says of a post. */
export interface Judgement {
  /** Place in `SUBJECT_NAMES`. */
  subject: number
  /** How likely it is that text and sound belong together, in [0, 1]. */
  match: number
}

/** A classifier that has been trained. */
export interface TrainedClassifier {
  judge(posts: readonly Post[]): Promise<Judgement[]>
  /** The epoch that was kept, from 1. */
  epoch: number
  /** Its accuracy on validation. */
  validation: number
  dispose(): Promise<void>
}

/**
 * Trains the classifier with a compiled step; keeps the epoch with the best validation accuracy.
 *
 * @throws InvalidArgumentError for fewer training posts than a step has.
 */
export async function trainClassifier(
  train: readonly Post[],
  valid: readonly Post[],
  { learningRate, epochs, batchSize, hidden, alignmentWeight, matchingWeight }: TrainingSettings,
  seed: number,
): Promise<TrainedClassifier> {
  const steps = Math.floor(train.length / batchSize)
  if (steps === 0) {
    throw new InvalidArgumentError({
      argument: 'train',
      rule: `must have at least ${batchSize} posts, those of one step`,
      received: `${train.length} posts`,
      fix: 'Give more posts, or set fewer aside to choose by and to measure on.',
    })
  }
  const vocabulary = vocabularyOf(train)
  const sizes = { vocabSize: vocabulary.size, bands: BANDS, subjects: SUBJECT_NAMES.length }
  const classifier = createClassifier({ ...sizes, hidden, seed })
  const training = await compileTraining(
    (batch: ClassifierInputs, options) => {
      const { classification, alignment, matching } = classifier.apply(batch, options).losses!
      const weighed = tf.add(tf.mul(alignment, alignmentWeight), tf.mul(matching, matchingWeight))
      return tf.add(classification, weighed) as tf.Scalar
    },
    classifier.parameters(),
    {
      threads: 1,
      optimizer: {
        kind: 'adamw',
        learningRate,
        weightDecay: 0.01,
        schedule: { kind: 'linear', total: steps * epochs },
      },
    },
  )
  const judging = compile((posts: ClassifierInputs) => classifier.apply(posts), {
    threads: 1,
    weights: 'input',
  })
  const judge = async (posts: readonly Post[]): Promise<Judgement[]> => {
    const outputs = await judging.run(batchPosts(posts, vocabulary))
    const [logits, match] = [outputs['logits']!.data, outputs['match']!.data].map(data =>
      Array.from(data, Number),
    )
    return posts.map((_, row) => {
      const scores = logits!.slice(row * SUBJECT_NAMES.length, (row + 1) * SUBJECT_NAMES.length)
      return { subject: scores.indexOf(Math.max(...scores)), match: match![row]! }
    })
  }

  let best = { epoch: 0, validation: -1, state: await training.state() }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(train.length, { seed, step: epoch, site: 'order' })
    for (let i = 0; i < steps; i++) {
      const posts = order.slice(i * batchSize, (i + 1) * batchSize).map(row => train[row]!)
      const key = { seed, step: (epoch - 1) * steps + i }
      await training.step(trainingBatch(posts, vocabulary, key), key)
    }
    await training.synchronize()
    const validation = accuracy(valid, await judge(valid))
    if (validation > best.validation) best = { epoch, validation, state: await training.state() }
  }
  await training.restore(best.state)
  await training.dispose()
  return {
    judge,
    epoch: best.epoch,
    validation: best.validation,
    async dispose() {
      await judging.dispose()
      classifier.dispose()
    },
  }
}

import { createAlignment, encodingOfVectors } from '@mafjs/align'
import { compile, compileTraining } from '@mafjs/compile'
import { type ApplyOptions, dropout, InvalidArgumentError, permutation } from '@mafjs/tensor'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { choosePairs, type PairFeatures } from './features'
import { matchAuc, similarities } from './metrics'

/** Every knob of a training. */
export interface TrainingSettings {
  learningRate: number
  /** Passes over the training pairs; the one with the best validation is kept. */
  epochs: number
  /** Pairs of a step: every text has one right picture and `batchSize - 1` wrong ones. */
  batchSize: number
  weightDecay: number
  /** Share of the features that every step leaves out, others for each pair. */
  featureDropout: number
  /** Size of the common space. */
  hidden: number
  /** Divides the cosines; the lower, the more the hardest wrong pictures count. */
  temperature: number
}

/** Projection heads that bring texts and pictures into one space. */
export interface TrainedAlignment {
  /** The pairs in the common space, `[pairs, hidden]` each. */
  project(pairs: PairFeatures): Promise<PairFeatures>
  /** The epoch that was kept; 0 are the untrained heads. */
  epoch: number
  /** Its AUC on validation. */
  validation: number
  dispose(): Promise<void>
}

/** What the module is given: one vector for each text, one for each picture. */
interface Vectors {
  text: Tensor2D
  image: Tensor2D
}

/**
 * Trains the heads of `@mafjs/align` on features that stay as they are; keeps the epoch with the best validation AUC.
 *
 * @throws InvalidArgumentError for fewer training pairs than a step has.
 */
export async function trainAlignment(
  train: PairFeatures,
  valid: PairFeatures,
  { learningRate, epochs, batchSize, weightDecay, featureDropout, hidden, temperature }: TrainingSettings,
  seed: number,
): Promise<TrainedAlignment> {
  const steps = Math.floor(train.text.shape[0] / batchSize)
  if (steps === 0) {
    throw new InvalidArgumentError({
      argument: 'train',
      rule: `must have at least ${batchSize} pairs, those of one step`,
      received: `${train.text.shape[0]} pairs`,
      fix: 'Give more pairs, or set fewer aside to choose by and to measure on.',
    })
  }
  const alignment = createAlignment({
    textSize: train.text.shape[1],
    imageSize: train.image.shape[1],
    hidden,
    temperature,
    seed,
  })
  const apply = ({ text, image }: Vectors, options: ApplyOptions = {}) =>
    alignment.apply({
      text: encodingOfVectors(dropout(text, featureDropout, 'text', options)),
      image: encodingOfVectors(dropout(image, featureDropout, 'image', options)),
    })

  const training = await compileTraining(
    (batch: Vectors, options) => apply(batch, options).loss,
    alignment.parameters(),
    {
      threads: 1,
      optimizer: {
        kind: 'adamw',
        learningRate,
        weightDecay,
        schedule: { kind: 'linear', total: steps * epochs },
      },
    },
  )
  const projected = compile(
    (pairs: Vectors) => {
      const { text, image } = apply(pairs)
      return { text, image }
    },
    { threads: 1, weights: 'input' },
  )
  const project = async (pairs: PairFeatures): Promise<PairFeatures> =>
    (await projected.run(pairs)) as unknown as PairFeatures
  const validate = async (): Promise<number> => matchAuc(similarities(await project(valid)))

  let best = { epoch: 0, validation: await validate(), state: await training.state() }
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(train.text.shape[0], { seed, step: epoch, site: 'order' })
    for (let step = 0; step < steps; step++) {
      // The rest of an epoch, less than a batch, waits for the next order: fewer pairs would be an easier task.
      const rows = order.slice(step * batchSize, (step + 1) * batchSize)
      await training.step(choosePairs(train, rows), { seed, step: (epoch - 1) * steps + step })
    }
    await training.synchronize()
    const validation = await validate()
    if (validation > best.validation) best = { epoch, validation, state: await training.state() }
  }
  await training.restore(best.state)
  await training.dispose()
  return {
    project,
    epoch: best.epoch,
    validation: best.validation,
    async dispose() {
      await projected.dispose()
      alignment.dispose()
    },
  }
}

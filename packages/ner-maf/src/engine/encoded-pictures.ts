import type { PictureEncoder } from '@mafjs/encoders'
import type { BatchArrays } from '../model/batch-arrays'
import type { Trainer } from '../train/trainer'
import { createModelRunner, type ModelRunner } from './model-runner'

const encoded = async <Batch extends BatchArrays>(batch: Batch, pictures: PictureEncoder): Promise<Batch> =>
  batch.image ? { ...batch, image: await pictures.encode(batch.image) } : batch

/** A runner that is given what an encoder outside of the model makes of the pictures. */
export function withEncodedPictures(runner: ModelRunner, pictures: PictureEncoder): ModelRunner {
  return createModelRunner({
    infer: async batch => runner.infer(await encoded(batch, pictures)),
    async dispose() {
      await runner.dispose()
      await pictures.dispose()
    },
  })
}

/** A trainer that is given what an encoder outside of the model makes of the pictures. */
export function trainsOnEncodedPictures(trainer: Trainer, pictures: PictureEncoder): Trainer {
  return {
    step: async (batch, run, weight) => trainer.step(await encoded(batch, pictures), run, weight),
    accumulate: async (batch, run, weight) => trainer.accumulate(await encoded(batch, pictures), run, weight),
    losses: async (batch, run) => trainer.losses(await encoded(batch, pictures), run),
    synchronize: trainer.synchronize,
    state: trainer.state,
    restore: trainer.restore,
    async dispose() {
      await trainer.dispose()
      await pictures.dispose()
    },
  }
}

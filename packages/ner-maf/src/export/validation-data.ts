import {
  type PictureBatch,
  type Pictures,
  type Post,
  type ReadSplitsOptions,
  readSplits,
  type Split,
} from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'

/** What int8 is measured on. */
export interface ValidationOptions extends Pick<ReadSplitsOptions, 'data' | 'images' | 'split'> {
  /** That compute, which bounds how many pictures are decoded at once. */
  threads?: number | undefined
}

/** Labelled posts, read as the model was trained to read posts. */
export interface ValidationData {
  /** What is scored. */
  split: Split
  /** What ranges are taken from: the training posts where they are there, else those that are scored. */
  calibration: readonly Post[]
  /** The pictures of posts; absent without an images folder. */
  pictures?: Pictures<PictureBatch>
}

/**
 * Reads what int8 is measured on.
 *
 * @throws InvalidArgumentError naming what is missing or cannot be read.
 */
export async function readValidation(
  { split = 'valid', threads, ...read }: ValidationOptions,
  { config: { preprocessing } }: Pick<LoadedCheckpoint, 'config'>,
): Promise<ValidationData> {
  const found = await readSplits({ ...read, split }, preprocessing)
  const { pictureSize, ...pictures } = preprocessing
  return {
    split: found.split,
    calibration: found.train ?? found.split.examples,
    ...(pictureSize !== undefined &&
      read.images !== undefined && {
        pictures: openPictures({
          ...{ images: read.images, threads, preparation: preparationOf({ pictureSize, ...pictures }) },
        }),
      }),
  }
}

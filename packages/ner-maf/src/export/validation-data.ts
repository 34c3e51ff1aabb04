import { stat } from 'node:fs/promises'
import {
  type PictureBatch,
  type Pictures,
  type Post,
  readDataset,
  type Split,
  type SplitName,
} from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'

/** What int8 is measured on. */
export interface ValidationOptions {
  /** A data folder, or one file. */
  data: string
  /** Which split of a folder. @default 'valid' */
  split?: SplitName | undefined
  /** Folder of the pictures; left out, every post counts as one without a picture. */
  images?: string | undefined
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
  { data, split: name = 'valid', images, threads }: ValidationOptions,
  { config: { preprocessing } }: Pick<LoadedCheckpoint, 'config'>,
): Promise<ValidationData> {
  const isFolder = await stat(data).then(
    found => found.isDirectory(),
    () => false,
  )
  const dataset = await readDataset({
    data,
    ...(images !== undefined && { images }),
    splitter: preprocessing.splitter,
    required: isFolder ? [name] : [],
  })
  // One file is the split its name says; whichever that is, it is what was asked for.
  const split = dataset[name] ?? Object.values(dataset)[0]!
  const { pictureSize, ...pictures } = preprocessing
  const read =
    pictureSize !== undefined && images !== undefined
      ? openPictures({ images, threads, preparation: preparationOf({ pictureSize, ...pictures }) })
      : undefined
  return {
    split,
    calibration: (dataset.train ?? split).examples,
    ...(read && { pictures: read }),
  }
}

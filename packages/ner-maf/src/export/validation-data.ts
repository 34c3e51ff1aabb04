import { type Engine, threadsOf } from '@mafjs/compile/engine'
import { type Pictures, type Post, type ReadSplitsOptions, readSplits, type Split } from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import { openModelPictures } from '../features/model-pictures'
import type { BatchPictures } from '../model/batch-arrays'

/** What int8 is measured on. */
export interface ValidationOptions extends Pick<ReadSplitsOptions, 'data' | 'images' | 'split'> {
  /** What computes, which bounds how many pictures are decoded at once, and runs an ONNX image model. */
  engine: Engine
}

/** Labelled posts, read as the model was trained to read posts. */
export interface ValidationData {
  /** What is scored. */
  split: Split
  /** What ranges are taken from: the training posts where they are there, else those that are scored. */
  calibration: readonly Post[]
  /** The pictures of posts, as their graph reads them; absent without an images folder. */
  pictures?: Pictures<BatchPictures>
}

/**
 * Reads what int8 is measured on.
 *
 * @throws InvalidArgumentError naming what is missing or cannot be read.
 */
export async function readValidation(
  { split = 'valid', engine, ...read }: ValidationOptions,
  { model, config: { preprocessing } }: Pick<LoadedCheckpoint, 'model' | 'config'>,
): Promise<ValidationData> {
  const found = await readSplits({ ...read, split }, preprocessing)
  const { images } = read
  const { pictureSize, ...pictures } = preprocessing
  const data = { split: found.split, calibration: found.train ?? found.split.examples }
  if (pictureSize === undefined || images === undefined) return data
  const folder = { images, preparation: preparationOf({ pictureSize, ...pictures }) }
  return {
    ...data,
    pictures: model.parts.onnxImage
      ? await openModelPictures({ ...folder, model, engine, featureCache: 'none' })
      : openPictures({ ...folder, threads: threadsOf(engine) }),
  }
}

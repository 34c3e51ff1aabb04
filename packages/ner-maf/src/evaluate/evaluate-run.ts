import { loadCheckpoint } from '../checkpoint/load-checkpoint'
import { type BrokenPicture, readDataset, type Split, type SplitName } from '../data'
import { type BackendName, useBackend } from '../engine/use-backend'
import { pictureLoader } from '../predict/picture-loader'
import { tagInBatches } from '../predict/tag-in-batches'
import { goldLabels } from './gold-labels'
import { type EvaluationReport, evaluateLabels } from './report'

/** What is scored. */
export interface EvaluateRunOptions {
  /** Checkpoint folder. */
  model: string
  /** A data folder, or one file. */
  data: string
  /** Folder of the pictures; left out, every post counts as one without a picture. */
  images?: string
  /** Which split of a folder. @default 'test' */
  split?: SplitName
  /** @default 16 */
  batchSize?: number
  /** A missing or broken picture stops the run. @default false */
  strict?: boolean
  /** @default 'auto' */
  backend?: BackendName
}

/** A model's scores on one split. */
export interface EvaluateRunResult {
  split: Split
  report: EvaluationReport
  brokenPictures: BrokenPicture[]
  /** Posts longer than the model reads. */
  cutPosts: number
}

/**
 * Scores a saved model on labelled posts.
 *
 * @throws InvalidArgumentError for a model or data that cannot be used.
 */
export async function evaluateRun({
  model: folder,
  data,
  images,
  split: name = 'test',
  batchSize,
  strict = false,
  backend = 'auto',
}: EvaluateRunOptions): Promise<EvaluateRunResult> {
  await useBackend(backend)
  const { model, tokenizer, config } = await loadCheckpoint(folder)
  try {
    // One file is the split its name says; whichever that is, it is what was asked for.
    const isFile = /\.(txt|jsonl)$/.test(data)
    const dataset = await readDataset({ data, images, strict, required: isFile ? [] : [name] })
    const split = dataset[name] ?? Object.values(dataset)[0]!
    const { pictureSize } = config.preprocessing
    const store =
      pictureSize !== undefined && images !== undefined
        ? pictureLoader({ images, size: pictureSize, strict })
        : undefined
    const tagged = await tagInBatches(split.examples, {
      model,
      tokenizer,
      loadPictures: store?.loadBatch,
      batchSize,
    })
    const report = evaluateLabels({
      gold: goldLabels(split.examples),
      predicted: tagged.map(({ labels }) => labels),
    })
    const cutPosts = tagged.filter(({ cutWords }) => cutWords > 0).length
    return { split, report, brokenPictures: store?.broken() ?? [], cutPosts }
  } finally {
    model.dispose()
  }
}

import { stat } from 'node:fs/promises'
import { type LoadedCheckpoint, loadCheckpoint } from '../checkpoint/load-checkpoint'
import { type BrokenPicture, readDataset, type Split, type SplitName } from '../data'
import { createRunner } from '../engine/create-runner'
import { type Engine, type EngineOptions, useEngine } from '../engine/use-engine'
import { pictureLoader } from '../predict/picture-loader'
import { tagInBatches } from '../predict/tag-in-batches'
import { goldLabels } from './gold-labels'
import { type EvaluationReport, evaluateLabels } from './report'
import { unknownTypes } from './unknown-types'

/** What is scored. */
export interface EvaluateRunOptions extends EngineOptions {
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
}

/** A model's scores on one split. */
export interface EvaluateRunResult {
  split: Split
  report: EvaluationReport
  /** What computed. */
  engine: Engine
  brokenPictures: BrokenPicture[]
  /** Posts longer than the model reads. */
  cutPosts: number
  /** Sentences for a person: what of the model or the pictures was not used. */
  notes: string[]
}

/** The split to be scored, read as the model was trained to read posts. */
async function readSplit(
  { data, images, strict = false, split: name = 'test' }: EvaluateRunOptions,
  { config }: LoadedCheckpoint,
): Promise<Split> {
  // One file is the split its name says; whichever that is, it is what was asked for.
  const isFolder = await stat(data).then(
    found => found.isDirectory(),
    () => false,
  )
  const dataset = await readDataset({
    data,
    strict,
    ...(images !== undefined && { images }),
    splitter: config.preprocessing.splitter,
    required: isFolder ? [name] : [],
  })
  return dataset[name] ?? Object.values(dataset)[0]!
}

function notesOn(
  { config, extra }: LoadedCheckpoint,
  images: string | undefined,
  gold: readonly string[][],
): string[] {
  const notes: string[] = []
  const unknown = unknownTypes(gold, config.model.types)
  if (unknown.length > 0) {
    notes.push(`Entities of types that the model does not know count as missed: ${unknown.join(', ')}.`)
  }
  if (extra.length > 0)
    notes.push(`The model has no place for these tensors of its file: ${extra.join(', ')}.`)
  const readsPictures = config.preprocessing.pictureSize !== undefined
  if (readsPictures && images === undefined) {
    notes.push(
      'The model reads pictures, but no images folder was given: every post counts as one without a picture.',
    )
  }
  if (!readsPictures && images !== undefined) notes.push('The model is text only: the pictures are not used.')
  return notes
}

/**
 * Scores a saved model on labelled posts.
 *
 * @throws InvalidArgumentError for a model or data that cannot be used; a post without labels is
 * named by file and line before anything is computed.
 */
export async function evaluateRun(options: EvaluateRunOptions): Promise<EvaluateRunResult> {
  const { model: folder, images, batchSize, strict = false } = options
  const engine = await useEngine(options)
  const checkpoint = await loadCheckpoint(folder)
  const { model, tokenizer, config } = checkpoint
  const runner = createRunner(model, engine)
  try {
    const split = await readSplit(options, checkpoint)
    const gold = goldLabels(split.examples)
    const { pictureSize, pictureResize } = config.preprocessing
    const store =
      pictureSize !== undefined && images !== undefined
        ? pictureLoader({
            images,
            size: pictureSize,
            strict,
            ...(pictureResize !== undefined && { resize: pictureResize }),
          })
        : undefined
    const tagged = await tagInBatches(split.examples, {
      model,
      runner,
      tokenizer,
      loadPictures: store?.loadBatch,
      batchSize,
    })
    const report = evaluateLabels({ gold, predicted: tagged.map(({ labels }) => labels) })
    const cutPosts = tagged.filter(({ cutWords }) => cutWords > 0).length
    return {
      split,
      report,
      engine,
      brokenPictures: store?.broken() ?? [],
      cutPosts,
      notes: notesOn(checkpoint, images, gold),
    }
  } finally {
    model.dispose()
    await runner.dispose()
  }
}

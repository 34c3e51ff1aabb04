import { type Engine, type EngineOptions, useEngine } from '@mafjs/compile/engine'
import {
  type BrokenPicture,
  evaluatePosts,
  goldLabels,
  type LongTextOptions,
  type OnBrokenPicture,
  type ReadingOptions,
  readSplits,
  replaceEvaluation,
  type Split,
  type SplitName,
  unreadNotes,
  wholePictures,
  windowOverlapOf,
} from '@mafjs/data'
import { assertFeatureOptions, describeCounts, type FeatureCacheOptions } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import { unknownTypes } from '@mafjs/evaluate'
import type { Evaluation, Prediction } from '@mafjs/evaluate/evaluations'
import { assertWritableReport, withLock } from '@mafjs/tensor/files'
import type { LoadCheckpointOptions } from '../checkpoint/load-checkpoint'
import { openPredictor, type Predictor } from '../export/open-predictor'
import { type ModelPictures, openModelPictures } from '../features/model-pictures'
import { tag } from '../task/tag'
import { evaluatedBy } from './evaluated-by'

/** What is scored. */
export interface EvaluateRunOptions
  extends EngineOptions,
    FeatureCacheOptions,
    LongTextOptions,
    ReadingOptions,
    LoadCheckpointOptions {
  /** Checkpoint folder, export, installed package, or a name on the hub. */
  model: string
  /** A data folder, or one file. */
  data: string
  /** Folder of the pictures; left out, every post counts as one without a picture. */
  images?: string | undefined
  /** Which split of a folder. @default 'test' */
  split?: SplitName | undefined
  /**
   * A file, or a folder with a training split, whose entities count as seen.
   * @default the training split of the data folder, where there is one
   */
  train?: string | undefined
  /** Folder to write: `report.json`, `report.md` and `predictions.jsonl`. @default nothing is written */
  out?: string | undefined
  /** Replaces an evaluation that is there already. @default false */
  overwrite?: boolean | undefined
  /** Whether the words of the posts go into the predictions. @default false */
  words?: boolean | undefined
  /** Whether posts longer than the model reads are read in windows or cut. @default as the model was trained */
  longTexts?: LongTextOptions['longTexts'] | undefined
  /** @default 16 */
  batchSize?: number | undefined
  /** What a missing or broken picture does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
}

/** A model's scores on one split. */
export interface EvaluateRunResult {
  split: Split
  report: Evaluation
  /** One for each post, in order. */
  predictions: Prediction[]
  /** What computed. */
  engine: Engine
  brokenPictures: BrokenPicture[]
  /** Posts longer than the model reads whose last words were cut off. */
  cutPosts: number
  /** Posts longer than the model reads that were read in windows. */
  dividedPosts: number
  /** Sentences for a person: what of the model or the pictures was not used. */
  notes: string[]
}

function notesOn(
  { config, extra }: Predictor,
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
 * Scores a saved model on labelled posts; with `out` it writes what `compareRun` reads.
 *
 * @throws InvalidArgumentError for a model or data that cannot be used; a post without labels is
 * named by file and line before anything is computed.
 */
export function evaluateRun(options: EvaluateRunOptions): Promise<EvaluateRunResult> {
  return withLock(options.out, { command: 'ner-maf evaluate' }, () => evaluateInto(options))
}

async function evaluateInto(options: EvaluateRunOptions): Promise<EvaluateRunResult> {
  const { model: folder, images, batchSize, onBrokenPicture, out, overwrite = false, words } = options
  const { featureCache, featureCacheSize, featureType } = options
  if (out !== undefined) await assertWritableReport(out, { kind: 'evaluation', overwrite })
  assertFeatureOptions(options)
  const engine = await useEngine(options)
  const opened = await openPredictor(folder, engine, { parts: options.parts, beside: false })
  const { model, program, tokenizer, config } = opened
  const cacheNotes: string[] = []
  let pictures: ModelPictures | undefined
  try {
    const windowOverlap = windowOverlapOf(options, config.preprocessing)
    const { split, train } = await readSplits(options, config.preprocessing)
    const gold = goldLabels(split.examples)
    const { pictureSize, ...transform } = config.preprocessing
    if (pictureSize !== undefined && images !== undefined) {
      const preparation = preparationOf({ pictureSize, ...transform })
      pictures = await openModelPictures({
        ...{ model, engine, images, onBrokenPicture, preparation },
        ...{ featureCache, featureCacheSize, featureType },
        onNote: note => cacheNotes.push(note),
      })
    }
    const tagged = await tag(split.examples, {
      ...{ model, program, tokenizer, batchSize, windowOverlap },
      pictures,
    })
    const brokenPictures = pictures?.broken() ?? []
    const { evaluation: report, predictions } = evaluatePosts({
      posts: split.examples,
      tagged,
      by: evaluatedBy(config, { model: folder, data: options.data, split: split.name }),
      pictures: pictures
        ? wholePictures(split.examples, brokenPictures)
        : split.examples.map(() => undefined),
      ...{ train, words },
    })
    if (out !== undefined) await replaceEvaluation(out, { evaluation: report, predictions }, { overwrite })
    const cutPosts = tagged.filter(({ cutWords }) => cutWords > 0).length
    const dividedPosts = tagged.filter(({ windows }) => windows > 1).length
    const counts = pictures?.counts()
    const notes = [
      ...opened.notes,
      ...notesOn(opened, images, gold),
      ...(await unreadNotes(options.data)),
      ...cacheNotes,
      ...(counts ? [describeCounts(counts)] : []),
    ]
    return { split, report, predictions, engine, brokenPictures, cutPosts, dividedPosts, notes }
  } finally {
    await pictures?.dispose()
    await opened.dispose()
  }
}

import { collate, type Post, type WindowRow } from '@mafjs/data'
import type { WordTokenizer } from '@mafjs/encoders'
import type { PredictingTask, TaskAxes } from '@mafjs/train'
import { type BatchArrays, batchArrays, type PictureReader } from '../model/batch-arrays'
import { batchOptions } from '../model/batch-options'
import type { MafConfig } from '../model/config'
import type { MafInputs } from '../model/maf'
import { batchAxes } from './batch-axes'
import { type WindowScores, windowScores } from './window-scores'

/** What a model reads posts with. */
export interface ReadingOptions {
  tokenizer: WordTokenizer
  /** The pictures of the posts, as the model takes them. @default no post has a picture */
  pictures?: PictureReader | undefined
}

/** What is read of posts, and what is said of them. */
export interface TaggingOptions extends ReadingOptions {
  /** Whether the scores of windows have the maps of words. @default false */
  explain?: boolean | undefined
}

/** The part of MAF's task that tags, whether a model computes its outputs or an export. */
export type TaggingTask = PredictingTask<WindowRow, MafInputs, WindowScores>

/** Every window has the pictures of its post. */
export const postsOf = (rows: readonly WindowRow[]): Post[] => rows.map(({ post }) => post)

export const examplesOf = (rows: readonly WindowRow[]): Post[] => rows.map(({ example }) => example)

/** How a model of some configuration reads windows, and what its outputs say of them. */
export function taggingTask(
  config: MafConfig,
  { tokenizer, pictures, explain }: TaggingOptions,
  largest?: TaskAxes['largest'],
): TaggingTask {
  return {
    async collate(rows) {
      // Where every piece is a step, all of them are in the batch anyway.
      const own = config.steps === 'words' && { own: rows.map(row => row.own) }
      const batch = collate(examplesOf(rows), { tokenizer, ...batchOptions(config), ...own })
      const loaded = config.interaction && (await pictures?.load(postsOf(rows)))
      // Absent pictures come out as exact zeros; where all are absent nothing about pictures need run to find that.
      const there = loaded?.present.some(one => one > 0) ? loaded : undefined
      return batchArrays(config, batch, there)
    },
    decode: (outputs, rows, { image }) =>
      windowScores(outputs, rows, { config, tokenizer, image: image as BatchArrays['image'], explain }),
    // A fixed length pads everything alike; else batches of like length save much of the work.
    ...(config.padTo === 'longest' && { length: ({ positions }: WindowRow) => positions }),
    ahead: async rows => pictures?.ahead?.(postsOf(rows)),
    axes: arrays => batchAxes(config, arrays as BatchArrays, largest),
  }
}

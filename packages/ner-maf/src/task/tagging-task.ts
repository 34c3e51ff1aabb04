import { collate, type Example } from '@mafjs/data'
import type { PictureEncoder, WordTokenizer } from '@mafjs/encoders'
import type { PredictingTask, TaskAxes } from '@mafjs/train'
import { type BatchArrays, batchArrays, type LoadPictures } from '../model/batch-arrays'
import type { MafConfig } from '../model/config'
import type { MafInputs } from '../model/maf'
import { batchAxes } from './batch-axes'
import type { WindowRow } from './window-rows'
import { type WindowScores, windowScores } from './window-scores'

/** What a model reads posts with. */
export interface ReadingOptions {
  tokenizer: WordTokenizer
  /** The pictures of some posts; left out for a text-only model. @default no post has a picture */
  loadPictures?: LoadPictures | undefined
  /** Told of posts whose pictures are asked for next, while others are computed. @default nobody is */
  readAhead?: ((examples: readonly Example[]) => Promise<void>) | undefined
  /** Encodes pictures outside of the model: what is not trained needs no gradient, and the model's programs stay small. @default the model */
  encoder?: PictureEncoder | undefined
}

/** The part of MAF's task that tags, whether a model computes its outputs or an export. */
export type TaggingTask = PredictingTask<WindowRow, MafInputs, WindowScores>

/** Every window has the pictures of its post. */
export const postsOf = (rows: readonly WindowRow[]): Example[] => rows.map(({ post }) => post)

export const examplesOf = (rows: readonly WindowRow[]): Example[] => rows.map(({ example }) => example)

/** A batch whose pictures are encoded outside of the model, where they are. */
export const withEncodedPictures = async <Batch extends BatchArrays>(
  batch: Batch,
  encoder: PictureEncoder | undefined,
): Promise<Batch> => (encoder && batch.image ? { ...batch, image: await encoder.encode(batch.image) } : batch)

/** How a model of some configuration reads windows, and what its outputs say of them. */
export function taggingTask(
  config: MafConfig,
  { tokenizer, loadPictures, readAhead, encoder }: ReadingOptions,
  largest?: TaskAxes['largest'],
): TaggingTask {
  return {
    async collate(rows) {
      // Where every piece is a step, all of them are in the batch anyway.
      const own = config.steps === 'words' && { own: rows.map(row => row.own) }
      const batch = collate(examplesOf(rows), { tokenizer, padTo: config.padTo, ...own })
      const loaded = config.interaction && (await loadPictures?.(postsOf(rows)))
      // Absent pictures come out as exact zeros; where all are absent nothing about pictures need run to find that.
      const pictures = loaded?.present.some(one => one > 0) ? loaded : undefined
      return await withEncodedPictures(batchArrays(config, batch, pictures), encoder)
    },
    decode: (outputs, rows, { image }) =>
      windowScores(outputs, rows, { config, tokenizer, image: image as BatchArrays['image'] }),
    ahead: async rows => readAhead?.(postsOf(rows)),
    axes: ({ image }) => batchAxes(config, image as BatchArrays['image'], largest),
  }
}

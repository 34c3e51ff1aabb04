import { collate, type TextWindow } from '@mafjs/data'
import type { ModelRunner } from '../engine/model-runner'
import { type BatchPictures, batchArrays } from '../model/batch-arrays'
import { pictureRows } from './picture-rows'
import type { TaggerOptions, TaggingModel } from './tag-posts'

/** A window of one of some posts. */
export interface PostWindow extends TextWindow {
  /** The place of its post. */
  post: number
  /** Whether it is the first and the last of its post. */
  isFirst: boolean
  isLast: boolean
}

/** What the model says of the own words of a window. */
export interface WindowScores {
  /** `[steps, labels]`: the window's part of the steps that the CRF takes through the post. */
  emissions: Float32Array
  /** The step each word begins at, counted from the window's first. */
  starts: number[]
  /** The step after the last word. */
  end: number
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
}

/** What runs a model on windows. */
export interface ScoreWindowsOptions {
  model: TaggingModel
  runner: ModelRunner
  tokenizer: TaggerOptions['tokenizer']
  /** Of the posts, not of the windows. */
  pictures?: BatchPictures
}

/** Computes the emissions of one batch of windows. */
export async function scoreWindows(
  windows: readonly PostWindow[],
  { model: { config }, runner, tokenizer, pictures: ofPosts }: ScoreWindowsOptions,
): Promise<WindowScores[]> {
  const isWords = config.steps === 'words'
  const batch = collate(
    windows.map(({ example }) => example),
    // Where every piece is a step, all of them are in the batch anyway.
    { tokenizer, padTo: config.padTo, ...(isWords && { own: windows.map(({ own }) => own) }) },
  )
  const loaded =
    ofPosts &&
    pictureRows(
      ofPosts,
      windows.map(({ post }) => post),
    )
  // Absent pictures come out as exact zeros; where all are absent the image encoder need not run to find that.
  const pictures = loaded?.present.some(one => one > 0) ? loaded : undefined
  const { emissions, match } = await runner.infer(batchArrays(config, batch, pictures))
  const [, positions, labels] = emissions.shape as [number, number, number]
  return windows.map(({ own, isFirst, isLast }, row) => {
    const kept = batch.keptWords[row]!
    let starts = Array.from({ length: kept }, (_, word) => word)
    let [from, to, end] = [0, kept, kept]
    if (!isWords) {
      const place = row * batch.words
      const length = batch.mask
        .subarray(row * batch.positions, (row + 1) * batch.positions)
        .reduce((sum, one) => sum + one, 0)
      const stepOf = (word: number): number => (word < kept ? batch.firstPieces[place + word]! : length - 1)
      const words = Array.from({ length: Math.min(own.end, kept) - own.start }, (_, word) => own.start + word)
      // [CLS] and [SEP] are steps too: those of the ends of the text.
      from = isFirst ? 0 : stepOf(own.start)
      to = isLast ? length : stepOf(own.end)
      starts = words.map(word => stepOf(word) - from)
      end = stepOf(own.start + words.length) - from
    }
    return {
      emissions: emissions.data.subarray((row * positions + from) * labels, (row * positions + to) * labels),
      starts,
      end,
      match: match && pictures?.present[row] ? match[row]! : null,
    }
  })
}

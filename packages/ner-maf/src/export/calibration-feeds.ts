import type { Feed } from '@mafjs/compile'
import { collate, type Post } from '@mafjs/data'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import { batchArrays } from '../model/batch-arrays'
import { batchOptions } from '../model/batch-options'
import { graphFeeds } from './graph-feeds'
import type { ValidationData } from './validation-data'

/** Posts of the batches that ranges are taken from, so that no more of their maps are in memory at once. */
const BATCH = 8

/** Posts spread evenly over a list, so that no order of the list decides which. */
const spread = (examples: readonly Post[], count: number): Post[] =>
  Array.from(
    { length: Math.min(count, examples.length) },
    (_, i) => examples[Math.floor((i * examples.length) / Math.min(count, examples.length))]!,
  )

/** Which posts ranges are taken from. */
export interface CalibrationOptions {
  /** How many posts. */
  count: number
  /** Whether only posts with a picture are taken. @default false */
  withPicture?: boolean | undefined
}

/**
 * Posts as an exported graph reads them: the first by itself, the others in batches, so that what is timed
 * on the first and the last is timed on both.
 */
export async function calibrationFeeds(
  { model, tokenizer, config }: LoadedCheckpoint,
  { calibration, pictures: reader }: ValidationData,
  { count, withPicture = false }: CalibrationOptions,
): Promise<{ feeds: Record<string, Feed>[]; pictures: number }> {
  const chosen = spread(
    calibration.filter(({ image }) => !withPicture || image !== undefined),
    count,
  )
  const { pictureSize: size } = config.preprocessing
  const read = size === undefined ? undefined : { size, single: false }
  const feeds: Record<string, Feed>[] = []
  let pictures = 0
  for (let from = 0; from < chosen.length; from += from === 0 ? 1 : BATCH) {
    const examples = chosen.slice(from, from === 0 ? 1 : from + BATCH)
    const batch = collate(examples, { tokenizer, ...batchOptions(model.config) })
    const loaded = await reader?.load(examples)
    const there = loaded?.present.filter(one => one > 0).length ?? 0
    if (withPicture && there === 0) continue
    pictures += there
    feeds.push(graphFeeds(batchArrays(model.config, batch, loaded), read))
  }
  return { feeds, pictures }
}

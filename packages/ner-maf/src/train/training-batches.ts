import type { HostArray } from '@mafjs/compile'
import { batchOrder, type CutPost, collate, type Example, windowsOf } from '@mafjs/data'
import type { WordTokenizer } from '@mafjs/encoders'
import { batchArrays, type LoadPictures } from '../model/batch-arrays'
import type { MafConfig } from '../model/config'
import { exchangedRows } from '../model/exchange-pictures'
import { labelIds } from '../model/label-ids'
import { batchShapes } from './batch-shapes'
import { exchangesOf, mostExchanged } from './exchanges-of'
import { padBatch } from './pad-batch'
import type { ExchangeArrays, TrainingBatch } from './trainer'

/** What batches are made of. */
export interface TrainingBatchesOptions {
  config: MafConfig
  tokenizer: WordTokenizer
  train: readonly Example[]
  /** Word pieces that two windows of a long post share at most. @default a long post is cut */
  windowOverlap?: number
  loadPictures?: LoadPictures
  batchSize: number
  seed: number
}

/** The batches of a run. */
export interface TrainingBatches {
  /** What is trained on: the posts, each window of a long one by itself. */
  examples: readonly Example[]
  /** The places of the examples of every batch of an epoch, counted from 1. */
  order(epoch: number): number[][]
  /** The batch of some examples at a step. */
  make(places: readonly number[], step: number): Promise<TrainingBatch>
  /** Posts that the length limit cuts. */
  cut: CutPost[]
  /** Posts that are read in windows. */
  divided: number
}

const vector = <Data extends Float32Array | Int32Array>(data: Data): HostArray<Data> => ({
  data,
  shape: [data.length],
})

/**
 * Makes the batches of a run: posts of like length together, in few shapes. Every window of a long post is an example. Where
 * the CRF runs over words its loss has each word once, in the window that tags it when the model is used; over word pieces,
 * whose chain is that of the window, it has the words of an overlap twice.
 */
export function createTrainingBatches({
  config,
  tokenizer,
  train: posts,
  windowOverlap,
  loadPictures,
  batchSize,
  seed,
}: TrainingBatchesOptions): TrainingBatches {
  const { padTo, interaction, matching } = config
  const scheme = labelIds(config)
  const isWords = config.steps === 'words'
  const divisions = posts.map(post =>
    windowsOf(post, { tokenizer, ...(windowOverlap !== undefined && { windowOverlap }) }),
  )
  const windows = divisions.flat()
  const train = windows.map(({ example }) => example)
  const encoded = train.map(({ words }) => {
    const { ids, firstPieces } = tokenizer.encodeWords(words)
    return { positions: ids.length, kept: firstPieces.length }
  })
  const sizes = encoded.map(({ positions, kept }, place) => {
    const { start, end } = windows[place]!.own
    return { positions, words: isWords ? Math.min(end, kept) - start : kept }
  })
  const cut = train.flatMap(({ id, source, words }, place) => {
    const { kept } = encoded[place]!
    return kept < words.length ? [{ id, ...source, words: words.length, kept }] : []
  })
  const shapeOf = batchShapes(sizes, padTo)
  // A fixed length pads everything alike; else batches of like length save much of the work.
  const lengths = padTo === 'longest' ? sizes.map(({ positions }) => positions) : undefined

  const exchangesFor = (ids: readonly string[], present: Float32Array, step: number): ExchangeArrays => {
    const rule = matching?.exchange
    const { partners, labels } = exchangesOf(rule, ids, present, { seed, step })
    const exchanges = { partners: vector(partners), labels: vector(labels) }
    if (config.exchange !== 'pictures') return exchanges
    // As many rows in every batch, so that one program does for all.
    const { rows, pictures, places } = exchangedRows(partners, mostExchanged(rule, ids.length))
    return { ...exchanges, again: { rows: vector(rows), pictures: vector(pictures), places: vector(places) } }
  }

  return {
    examples: train,
    order: epoch => batchOrder(train.length, { batchSize, seed, epoch, shuffle: true, lengths }),
    async make(places, step) {
      const examples = places.map(place => train[place]!)
      const own = isWords && { own: places.map(place => windows[place]!.own) }
      const batch = collate(examples, { tokenizer, scheme, padTo, ...own })
      const pictures = interaction && (await loadPictures?.(examples))
      const arrays = batchArrays(config, padBatch(batch, shapeOf(places), tokenizer.specialIds.pad), pictures)
      if (!pictures || !matching) return arrays
      return { ...arrays, exchanges: exchangesFor(batch.pictureIds, pictures.present, step) }
    },
    cut,
    divided: divisions.filter(({ length }) => length > 1).length,
  }
}

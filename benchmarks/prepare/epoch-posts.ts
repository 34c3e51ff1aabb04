import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDataset, windowRows } from '@mafjs/data'
import { parseVocab, tokenizerFromVocab } from '@mafjs/encoders'
import { batchOrder } from '@mafjs/train'
import type { PrepareRequest } from '../protocol'
import { exchangeTensors, writeBatches } from './draw'
import { writePicture } from './drawn-posts'
import type { configsOf } from './models'
import { storeText } from './real-posts'
import type { Sizes } from './sizes'

/** Where the posts of an epoch lie, beside their pictures in `epoch-pictures`. */
export interface EpochRecord {
  posts: string
  vocab: string
  tokens: number
  batch: number
  /** Pixels of a picture's side, as the model takes it. */
  side: number
}

/** The seed of an epoch's order. */
export const EPOCH_SEED = 37

/** The rows of an epoch, every post with a picture of its own, and the batches that `fit` makes of them. */
export async function readEpoch({ posts, vocab, tokens, batch }: Omit<EpochRecord, 'side'>) {
  const tokenizer = tokenizerFromVocab(parseVocab(await readFile(vocab, 'utf8')), {
    ...{ lowercase: false, maxLength: tokens },
  })
  const { train } = await readDataset({ data: posts, required: ['train'] })
  const pictured = train!.examples.map((post, place) => ({ ...post, image: `${place}.jpg` }))
  const rows = windowRows(pictured, { config: { steps: 'words' }, tokenizer })
  const lengths = rows.map(({ positions }) => positions)
  const order = { batchSize: batch, seed: EPOCH_SEED, epoch: 1, shuffle: true, lengths }
  const batches = batchOrder(rows.length, order).map(places => places.map(place => rows[place]!))
  return { tokenizer, rows, batches }
}

/**
 * Writes what both sides need for the first steps of an epoch: pictures of 640 x 480, and for PyTorch the posts, padded to
 * the published length (`epoch-published`) and to the longest of their batch (`epoch-text`).
 *
 * @returns what was left out, in words; nothing of a post is in them.
 */
export async function writeEpochPosts(
  { folder, epochPosts: posts, vocab }: PrepareRequest,
  { batch, tokens, side, exchanges, epochBatches }: Sizes,
  configs: ReturnType<typeof configsOf>,
): Promise<string[]> {
  if (![posts, vocab].every(existsSync))
    return ['SKIPPED epochs: Twitter-2017 or its vocabulary is not here (--epoch-posts, --vocab).']
  const record: EpochRecord = { posts, vocab, tokens, batch, side }
  await writeFile(join(folder, 'epoch.json'), JSON.stringify(record))
  const { tokenizer, batches } = await readEpoch(record)
  const chosen = batches.slice(0, epochBatches).map(rows => rows.map(({ post }) => post))
  const files = chosen.map(members => members.map(({ image }) => image!))
  const images = join(folder, 'epoch-pictures')
  await mkdir(images, { recursive: true })
  for (const file of files.flat())
    await writePicture(join(images, file), `epoch.${file}`, { width: 640, height: 480 })
  await writeFile(join(folder, 'epoch-pictures.json'), JSON.stringify(files))
  const published = chosen.map(members => ({
    ...storeText(configs.reference, members, tokenizer),
    ...exchangeTensors(members.length, exchanges),
  }))
  writeBatches(folder, 'epoch-published', published)
  const text = chosen.map(members => storeText(configs.text, members, tokenizer))
  writeBatches(folder, 'epoch-text', text)
  return []
}

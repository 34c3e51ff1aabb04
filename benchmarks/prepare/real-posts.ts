import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { collate, labelIds, type Post, readDataset } from '@mafjs/data'
import { parseVocab, resNetChannels, tokenizerFromVocab, type WordTokenizer } from '@mafjs/encoders'
import { exchangesOf } from '@mafjs/match'
import { batchArrays, type MafConfig } from '@mafjs/ner-maf'
import { batchOrder } from '@mafjs/train'
import type { Arrays } from '../files/tensor-file'
import type { PrepareRequest } from '../protocol'
import { drawFeatures, drawPictures, exchangeTensors, integers, writeBatches } from './draw'
import type { configsOf } from './models'
import type { Sizes } from './sizes'

/** Lengths are rounded up to a multiple of this, so that few programs serve all batches. */
const LENGTH_UNIT = 8

/** The tensors of some posts under their names in the race. */
export function storeText(config: MafConfig, members: readonly Post[], tokenizer: WordTokenizer): Arrays {
  const options = { tokenizer, scheme: labelIds(config) }
  const longest = LENGTH_UNIT * Math.ceil(collate(members, options).positions / LENGTH_UNIT)
  const padTo = config.padTo === 'longest' ? Math.min(tokenizer.maxLength, longest) : config.padTo
  const { text, firstPieces, wordMask, labels } = batchArrays(config, collate(members, { ...options, padTo }))
  return Object.fromEntries(
    Object.entries({ ...text, firstPieces, wordMask, labels }).filter(([, array]) => array !== undefined),
  ) as Arrays
}

/** Which rows are computed again with their partner's picture, and where each row then stands. */
function rowsAgain(partners: Int32Array): Arrays {
  const rows = [...partners.keys()].filter(row => partners[row] !== row)
  const places = partners.map((_, row) => (rows.includes(row) ? partners.length + rows.indexOf(row) : row))
  return {
    rows: integers([rows.length], rows),
    pictures: integers(
      [rows.length],
      Int32Array.from(rows, row => partners[row]!),
    ),
    places: integers([partners.length], places),
  }
}

/**
 * The same tweets twice: `real`, as ours trains on them (padded to the batch, posts of like length together, image
 * features given), and `real-published` (128 positions, pictures). The pictures are noise: the data set has none here.
 *
 * @returns what was left out, in words; nothing of a tweet is in them.
 */
export async function writeRealPosts(
  { folder, posts, vocab }: PrepareRequest,
  sizes: Sizes,
  configs: ReturnType<typeof configsOf>,
): Promise<string[]> {
  const absent = [posts, vocab].filter(path => !existsSync(path))
  if (absent.length > 0)
    return ['SKIPPED real lengths: Twitter-2015 or its vocabulary is not here (--posts, --vocab).']
  const { batch, tokens, side, exchanges, realBatches, imageEncoder } = sizes
  const tokenizer = tokenizerFromVocab(parseVocab(await readFile(vocab, 'utf8')), {
    lowercase: false,
    maxLength: tokens,
  })
  const { train } = await readDataset({ data: posts, required: ['train'] })
  const examples = train!.examples
  const order = batchOrder(examples.length, {
    batchSize: batch,
    seed: 37,
    epoch: 1,
    shuffle: true,
    lengths: examples.map(({ words }) => tokenizer.encodeWords(words).ids.length),
  })
  const chosen = order.slice(0, realBatches).map(indices => indices.map(index => examples[index]!))
  const channels = resNetChannels(imageEncoder)
  const ours = chosen.map((members, step) => {
    const ids = members.map((_, row) => String(row))
    const present = new Float32Array(batch).fill(1)
    const rule = configs.default.matching?.exchange
    const { partners, labels } = exchangesOf(rule, ids, present, { seed: 37, step })
    return {
      ...storeText(configs.default, members, tokenizer),
      ...drawFeatures(batch, channels, `real.${step}`),
      partners: integers([batch], partners),
      matched: integers([batch], labels),
      ...rowsAgain(partners),
    }
  })
  writeBatches(folder, 'real', ours)
  const published = chosen.map((members, step) => ({
    ...storeText(configs.reference, members, tokenizer),
    ...drawPictures(batch, side, `real.${step}`),
    ...exchangeTensors(batch, exchanges),
  }))
  writeBatches(folder, 'real-published', published)
  return []
}

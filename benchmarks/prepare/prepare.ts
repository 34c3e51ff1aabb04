import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { normal } from '@mafjs/tensor'
import type { PrepareRequest } from '../protocol'
import { drawCrf, drawPictures, drawPosts, exchangeTensors, floats, writeBatches } from './batches'
import { configsOf } from './configs'
import { PREPARED } from './prepared'
import { writeRealPosts } from './real-posts'
import { SIZES } from './sizes'
import { writeModels } from './write-models'
import { writePost } from './write-post'

/**
 * Writes into a folder what both sides read: configurations, weights and the batches of every work.
 *
 * @returns what was left out, in words.
 */
export async function prepare({ folder, size, posts, vocab }: PrepareRequest): Promise<string[]> {
  await useBackend('cpu')
  await mkdir(folder, { recursive: true })
  const sizes = SIZES[size]
  const { textEncoder, batch, tokens, ownTokens, manyPosts, side, exchanges, contrastive, crf } = sizes
  const configs = configsOf(sizes)
  const labels = configs.reference.labels.length
  const { vocabSize } = textEncoder
  await writeModels(folder, sizes)
  const drawn = (count: number, length: number) => ({
    ...drawPosts(count, length, { vocabSize, labels }),
    ...drawPictures(count, side, `pictures.${count}`),
  })
  writeBatches(folder, 'train', [{ ...drawn(batch, tokens), ...exchangeTensors(batch, exchanges) }])
  writeBatches(folder, 'infer-1', [drawn(1, tokens)])
  writeBatches(folder, 'infer-own', [{ ...drawn(1, ownTokens), ...everyPieceAWord(ownTokens) }])
  writeBatches(folder, 'infer-many', [drawn(manyPosts, tokens)])
  const { pairs, hidden } = contrastive
  const vectors = (site: string) => floats([pairs, hidden], () => normal(pairs * hidden, { seed: 37, site }))
  writeBatches(folder, 'contrastive', [
    { text: vectors('contrastive.text'), image: vectors('contrastive.image') },
  ])
  writeBatches(folder, 'crf', [drawCrf(crf.sentences, crf.positions, labels)])
  await writePost(folder)
  const notes = await writeRealPosts({ folder, posts, vocab, sizes, configs })
  // Last, so that a folder of half the files is not taken for a whole one.
  await writeFile(join(folder, PREPARED), JSON.stringify({ size, notes }))
  return notes
}

/** For the model that tags words: each piece between `[CLS]` and `[SEP]` is one. */
function everyPieceAWord(tokens: number) {
  const words = tokens - 2
  const firstPieces = new Float32Array(words * tokens)
  for (let word = 0; word < words; word++) firstPieces[word * tokens + word + 1] = 1
  return {
    firstPieces: floats([1, words, tokens], () => firstPieces),
    wordMask: floats([1, words], () => new Float32Array(words).fill(1)),
  }
}

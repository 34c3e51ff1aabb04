import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { cnnTensors } from '../ours/cnn'
import type { PrepareRequest } from '../protocol'
import {
  drawCrf,
  drawPictures,
  drawPosts,
  everyPieceAWord,
  exchangeTensors,
  normals,
  writeBatches,
} from './draw'
import { drawWords, VOCABULARY, writePicture } from './drawn-posts'
import { writeEpochPosts } from './epoch-posts'
import { configsOf, writeModels } from './models'
import { writeRealPosts } from './real-posts'
import { SIZES } from './sizes'

/** The file that says a folder of inputs is complete, and what is in it. */
export const PREPARED = 'prepared.json'

/**
 * Writes into a folder what both sides read: configurations, weights and the batches of every work.
 *
 * @returns what was left out, in words.
 */
export async function prepare(request: PrepareRequest): Promise<string[]> {
  const { folder, size } = request
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
  for (const count of [1, manyPosts]) {
    const posts = drawPosts(count, ownTokens, { vocabSize, labels })
    writeBatches(folder, `tag-${count}`, [{ ...posts, ...everyPieceAWord(ownTokens, count) }])
  }
  const shape = [contrastive.pairs, contrastive.hidden]
  const vectors = { text: normals(shape, 'contrastive.text'), image: normals(shape, 'contrastive.image') }
  writeBatches(folder, 'contrastive', [vectors])
  writeBatches(folder, 'crf', [drawCrf(crf.sentences, crf.positions, labels)])
  for (const name of sizes.cnn) writeBatches(folder, `cnn-${name}`, [cnnTensors(name)])
  await writePicture(join(folder, 'post.jpg'), 'post.picture', { width: 640, height: 512 })
  const words = drawWords(15, 'post.words')
  await writeFile(join(folder, 'post.json'), JSON.stringify({ vocab: VOCABULARY, words }))
  const notes = [
    ...(await writeRealPosts(request, sizes, configs)),
    ...(await writeEpochPosts(request, sizes, configs)),
  ]
  // Last, so that a folder of half the files is not taken for a whole one.
  await writeFile(join(folder, PREPARED), JSON.stringify({ size, notes }))
  return notes
}

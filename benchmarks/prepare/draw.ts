import { join } from 'node:path'
import { publishedExchanges } from '@mafjs/match'
import { normal, randomWords, uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { type Arrays, writeTensorFile } from '../files/tensor-file'

const SEED = 37

/** Word pieces a drawn post has at least: `[CLS]`, a few pieces, `[SEP]`. */
const SHORTEST = 6

/** Ids below this one are special or unused in BERT's vocabularies. */
const FIRST_WORD = 1000

const sizeOf = (shape: readonly number[]): number => tf.util.sizeFromShape([...shape])

/** A tensor of whole numbers. */
export const integers = (shape: readonly number[], values: ArrayLike<number>): Arrays[string] => ({
  ...{ shape, data: Int32Array.from(values) },
})

const floats = (shape: readonly number[], values: ArrayLike<number>): Arrays[string] => ({
  ...{ shape, data: Float32Array.from(values) },
})

/** Normal numbers. */
export const normals = (shape: readonly number[], site: string): Arrays[string] => ({
  ...{ shape, data: normal(sizeOf(shape), { seed: SEED, site }) },
})

const ones = (...shape: number[]): Arrays[string] => floats(shape, new Array(sizeOf(shape)).fill(1))

/** `count` whole numbers in `[low, high)`. */
const drawIntegers = (count: number, low: number, high: number, site: string): Int32Array =>
  Int32Array.from(randomWords(count, { seed: SEED, site }), word => low + (word % (high - low)))

/** Pictures of noise, normalised, `[batch, side, side, 3]`, and that each post has its own. */
export const drawPictures = (batch: number, side: number, site: string): Arrays => ({
  pixels: normals([batch, side, side, 3], site),
  choice: floats(
    [batch, 1, batch],
    Array.from({ length: batch ** 2 }, (_, place) => Number(place % (batch + 1) === 0)),
  ),
})

/** What a frozen ResNet would have given: rectified regions and their mean. */
export function drawFeatures(batch: number, channels: number, site: string): Arrays {
  const drawn = (shape: number[], own: string, change: (value: number) => number): Arrays[string] => ({
    ...{ shape, data: normals(shape, own).data.map(change) },
  })
  return {
    regions: drawn([batch, 49, channels], site, value => Math.max(0, value)),
    summary: drawn([batch, channels], `${site}.summary`, value => 0.4 * Math.abs(1 + 0.2 * value)),
  }
}

/** Whose picture every post of a batch is given, by the published rule. */
export function exchangeTensors(batch: number, count: number): Arrays {
  const { partners, labels } = publishedExchanges(batch, count)
  return { partners: integers([batch], partners), matched: integers([batch], labels) }
}

/** Drawn posts of many lengths, the first one full, padded to `tokens`. */
export function drawPosts(
  batch: number,
  tokens: number,
  { vocabSize, labels }: { vocabSize: number; labels: number },
): Arrays {
  const site = `posts.${batch}x${tokens}`
  const lengths = drawIntegers(batch, SHORTEST, tokens + 1, `${site}.lengths`)
  lengths[0] = tokens
  const isReal = (place: number): boolean => place % tokens < lengths[Math.floor(place / tokens)]!
  const padded = (values: Int32Array): Int32Array => values.map((value, place) => (isReal(place) ? value : 0))
  const shape = [batch, tokens]
  const size = batch * tokens
  return {
    ids: integers(shape, padded(drawIntegers(size, FIRST_WORD, vocabSize, `${site}.ids`))),
    mask: floats(
      shape,
      Array.from({ length: size }, (_, place) => Number(isReal(place))),
    ),
    labels: integers(shape, padded(drawIntegers(size, 1, labels, `${site}.labels`))),
  }
}

/** For the model that tags words: each piece between `[CLS]` and `[SEP]` is one. */
export function everyPieceAWord(tokens: number, batch = 1): Arrays {
  const words = tokens - 2
  const isFirst = (place: number): boolean => place % tokens === (Math.floor(place / tokens) % words) + 1
  const firstPieces = Array.from({ length: batch * words * tokens }, (_, place) => Number(isFirst(place)))
  return { firstPieces: floats([batch, words, tokens], firstPieces), wordMask: ones(batch, words) }
}

/** Emissions with labels and the scores of a CRF. */
export function drawCrf(sentences: number, positions: number, labels: number): Arrays {
  const { ids: _, ...posts } = drawPosts(sentences, positions, { vocabSize: FIRST_WORD + 1, labels })
  const scores = (name: string, ...shape: number[]): Arrays[string] => ({
    ...{ shape, data: uniform(sizeOf(shape), { seed: SEED, site: `crf.${name}` }).map(x => 2 * x - 1) },
  })
  return {
    ...posts,
    emissions: scores('emissions', sentences, positions, labels),
    start: scores('start', labels),
    end: scores('end', labels),
    transitions: scores('transitions', labels, labels),
  }
}

/** Writes batches as one file, their tensors under `INDEX/NAME`. */
export function writeBatches(folder: string, stem: string, batches: readonly Arrays[]): void {
  const named = batches.flatMap((batch, index) =>
    Object.entries(batch).map(([name, tensor]) => [`${index}/${name}`, tensor] as const),
  )
  writeTensorFile(join(folder, `${stem}.safetensors`), Object.fromEntries(named))
}

import { join } from 'node:path'
import { publishedExchanges } from '@mafjs/match'
import { normal, randomWords, uniform } from '@mafjs/tensor'
import { type TensorSource, writeTensorFile } from '../files/write-tensor-file'

/** The tensors of one batch by name. */
export type BatchTensors = Record<string, TensorSource>

/** Word pieces a drawn post has at least: `[CLS]`, a few pieces, `[SEP]`. */
const SHORTEST = 6

/** Ids below this one are special or unused in BERT's vocabularies. */
const FIRST_WORD = 1000

/** A float tensor, drawn when it is written. */
export const floats = (shape: readonly number[], values: () => Float32Array): TensorSource => ({
  shape,
  values,
})

/** A tensor of whole numbers. */
export const integers = (shape: readonly number[], values: Int32Array): TensorSource => ({
  shape,
  dtype: 'I32',
  values: () => values,
})

/** `count` whole numbers in `[low, high)`. */
export function drawIntegers(count: number, low: number, high: number, site: string): Int32Array {
  return Int32Array.from(randomWords(count, { seed: 37, site }), word => low + (word % (high - low)))
}

/** Pictures of noise, normalised, `[batch, side, side, 3]`, and that all of them are there. */
export function drawPictures(batch: number, side: number, site: string): BatchTensors {
  const shape = [batch, side, side, 3]
  return {
    pixels: floats(shape, () => normal(batch * side * side * 3, { seed: 37, site })),
    present: floats([batch], () => new Float32Array(batch).fill(1)),
  }
}

/** What a frozen ResNet would have given: rectified regions and their mean. */
export function drawFeatures(batch: number, channels: number, site: string): BatchTensors {
  const regions = (): Float32Array =>
    normal(batch * 49 * channels, { seed: 37, site }).map(value => Math.max(0, value))
  return {
    regions: floats([batch, 49, channels], regions),
    summary: floats([batch, channels], () =>
      normal(batch * channels, { seed: 37, site: `${site}.summary` }).map(
        value => 0.4 * Math.abs(1 + 0.2 * value),
      ),
    ),
  }
}

/** Whose picture every post of a batch is given, by the published rule. */
export function exchangeTensors(batch: number, count: number): BatchTensors {
  const { partners, labels } = publishedExchanges(batch, count)
  return {
    partners: integers([batch], partners),
    matched: integers([batch], Int32Array.from(labels)),
  }
}

/** Drawn posts of many lengths, the first one full, padded to `tokens`. */
export function drawPosts(
  batch: number,
  tokens: number,
  { vocabSize, labels }: { vocabSize: number; labels: number },
): BatchTensors {
  const site = `posts.${batch}x${tokens}`
  const lengths = drawIntegers(batch, SHORTEST, tokens + 1, `${site}.lengths`)
  lengths[0] = tokens
  const isReal = (place: number): boolean => place % tokens < lengths[Math.floor(place / tokens)]!
  const padded = (values: Int32Array): Int32Array => values.map((value, place) => (isReal(place) ? value : 0))
  const shape = [batch, tokens]
  const size = batch * tokens
  return {
    ids: integers(shape, padded(drawIntegers(size, FIRST_WORD, vocabSize, `${site}.ids`))),
    mask: floats(shape, () => Float32Array.from({ length: size }, (_, place) => (isReal(place) ? 1 : 0))),
    labels: integers(shape, padded(drawIntegers(size, 1, labels, `${site}.labels`))),
  }
}

/** Emissions with labels and the scores of a CRF. */
export function drawCrf(sentences: number, positions: number, labels: number): BatchTensors {
  const { ids: _, ...posts } = drawPosts(sentences, positions, { vocabSize: FIRST_WORD + 1, labels })
  const scores = (site: string, shape: number[]): TensorSource =>
    floats(shape, () =>
      uniform(
        shape.reduce((a, b) => a * b),
        { seed: 37, site },
      ).map(value => 2 * value - 1),
    )
  return {
    ...posts,
    emissions: scores('crf.emissions', [sentences, positions, labels]),
    start: scores('crf.start', [labels]),
    end: scores('crf.end', [labels]),
    transitions: scores('crf.transitions', [labels, labels]),
  }
}

/** Writes batches as one file, their tensors under `INDEX/NAME`. */
export function writeBatches(folder: string, stem: string, batches: readonly BatchTensors[]): void {
  writeTensorFile(
    join(folder, `${stem}.safetensors`),
    Object.fromEntries(
      batches.flatMap((batch, index) =>
        Object.entries(batch).map(([name, tensor]) => [`${index}/${name}`, tensor]),
      ),
    ),
  )
}

import { createAlignment, encodingOfVectors } from '@mafjs/align'
import { areaUnderRoc } from '@mafjs/evaluate'
import { type ApplyOptions, dropout } from '@mafjs/tensor'
import { defineTask, padRows } from '@mafjs/train'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** A text and its picture as vectors: counts of words and pixels, or what frozen encoders make of them. */
export type Pair = { text: Float32Array; image: Float32Array }
type Inputs = { text: Tensor2D; image: Tensor2D }

/** How many of the first are looked at. */
export const CUTS = [1, 5, 10]

/** Brings texts and pictures into one space by `@mafjs/align` alone; leaves a share of every vector out in training. */
export function retrievalTask({ text, image }: Pair, seed: number, featureDropout = 0) {
  const model = createAlignment({ textSize: text.length, imageSize: image.length, hidden: 256, seed })
  const align = ({ text, image }: Inputs, options: ApplyOptions = {}) =>
    model.apply({
      text: encodingOfVectors(dropout(text, featureDropout, 'text', options)),
      image: encodingOfVectors(dropout(image, featureDropout, 'image', options)),
    })
  return defineTask({
    model,
    collate: (pairs: readonly Pair[]) => ({
      text: padRows(pairs.map(({ text }) => text)).values,
      image: padRows(pairs.map(({ image }) => image)).values,
    }),
    loss: (inputs: Inputs, options) => ({ total: align(inputs, options).loss }),
    outputs(inputs) {
      const { text, image } = align(inputs)
      return { text, image }
    },
    decode: ({ text, image }, pairs) => {
      const rowOf = ({ data, shape }: typeof text & {}, row: number) =>
        data.slice(row * shape[1]!, (row + 1) * shape[1]!) as Float32Array
      return pairs.map((_, row): Pair => ({ text: rowOf(text!, row), image: rowOf(image!, row) }))
    },
    score: scoreRetrieval,
  })
}

/** How well vectors of texts and of pictures find each other, by their cosines. */
export function scoreRetrieval(pairs: readonly Pair[]) {
  const [texts, images] = [pairs.map(({ text }) => unit(text)), pairs.map(({ image }) => unit(image))]
  const cosines = texts.map(text => images.map(image => dot(text, image))) // [text][picture]
  const transposed = cosines.map((_, picture) => cosines.map(row => row[picture]!))
  // How many are nearer than the own one: of every text, and of every picture.
  const ranks = [cosines, transposed].map(rows =>
    rows.map((row, own) => row.filter(cosine => cosine > row[own]!).length),
  )
  const recalls = ranks.flatMap(ranks =>
    CUTS.map(cut => ranks.filter(rank => rank < cut).length / pairs.length),
  )
  const exchanged = cosines.flatMap((row, own) => row.filter((_, picture) => picture !== own))
  const auc = areaUnderRoc(cosines.map((row, own) => row[own]!), exchanged)! // biome-ignore format: one line
  return { score: auc, shares: [...recalls, auc], ranks }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1
  return vector.map(value => value / length)
}

import { areaUnderRoc } from '@mafjs/evaluate'
import type { Features, PairFeatures } from './features'

/** The cut-offs of recall. */
export const CUTS = [1, 5, 10] as const

/** How well texts and pictures find each other. */
export interface RetrievalScores {
  /** Recall at each of {@link CUTS}: how often the right picture is among the first k for a text. */
  textToImage: number[]
  imageToText: number[]
  /** Probability that a matched pair scores higher than an exchanged one. */
  auc: number
}

/** Cosine of every text with every picture, `[text][picture]`. */
export function similarities({ text, image }: PairFeatures): number[][] {
  const images = unitRows(image)
  return unitRows(text).map(one => images.map(other => dot(one, other)))
}

const unitRows = ({ data, shape: [rows, size] }: Features): Float32Array[] =>
  Array.from({ length: rows }, (_, row) => {
    const vector = data.slice(row * size, (row + 1) * size)
    const length = Math.sqrt(dot(vector, vector))
    return length > 0 ? vector.map(value => value / length) : vector
  })

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/**
 * Recall at `k`, where the right candidate of row i is column i. Ties are broken by lot, exactly: scores that are all equal
 * give chance, k / N.
 */
export function recallAt(k: number, scores: readonly (readonly number[])[]): number {
  const found = scores.map((row, right) => {
    const own = row[right]!
    const higher = row.filter(score => score > own).length
    const tied = row.filter(score => score === own).length
    return Math.min(1, Math.max(0, (k - higher) / tied))
  })
  return found.reduce((sum, share) => sum + share, 0) / scores.length
}

/** Probability that a text scores higher with its own picture than another text does with a picture that is not its own. */
export function matchAuc(scores: readonly (readonly number[])[]): number {
  const matched = scores.map((row, i) => row[i]!)
  const exchanged = scores.flatMap((row, i) => row.filter((_, column) => column !== i))
  return areaUnderRoc(matched, exchanged)!
}

/** Recall in both directions, and matched against all exchanged pairs. */
export function scoreRetrieval(scores: readonly (readonly number[])[]): RetrievalScores {
  const transposed = scores.map((_, column) => scores.map(row => row[column]!))
  return {
    textToImage: CUTS.map(k => recallAt(k, scores)),
    imageToText: CUTS.map(k => recallAt(k, transposed)),
    auc: matchAuc(scores),
  }
}

/** What drawing lots gives on so many pairs. */
export function chance(pairs: number): RetrievalScores {
  const recalls = CUTS.map(k => Math.min(1, k / pairs))
  return { textToImage: recalls, imageToText: recalls, auc: 0.5 }
}

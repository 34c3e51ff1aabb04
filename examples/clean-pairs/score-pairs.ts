import { permutation } from '@mafjs/tensor'
import { choosePairs, type PairFeatures, standardizer } from './features'
import { dealFolds } from './folds'
import type { Pairs } from './pairs'

/** What was learnt from pairs. */
export interface TrainedScorer {
  /**
   * How much each text and picture look as if they belonged together; the higher, the more.
   *
   * @param pairs row of the text, row of the picture
   */
  score(features: PairFeatures, pairs: readonly (readonly [text: number, image: number])[]): Promise<number[]>
  dispose(): Promise<void>
}

/** A way to learn from pairs. */
export type LearnScorer = (train: Pairs, seed: number) => Promise<TrainedScorer>

/** Scores by models that have not seen what they score. */
export interface HeldOutScores {
  /** As the models give them, in the order of the pairs. */
  raw: number[]
  /** The same on one scale: in every fold exchanged pairs have mean 0 and deviation 1. */
  observed: number[]
  /** Of texts with pictures that are not their own, on that scale. */
  exchanged: number[]
}

/** How pairs are scored. */
export interface ScorePairsOptions {
  learn: LearnScorer
  seed: number
  /** Models; each is trained on the pairs of all folds but one. @default 5 */
  folds?: number
  /** How many other pictures of its fold every text is scored with. @default 20 */
  exchanges?: number
}

/**
 * Cross-fitting: every pair, and every exchanged pair, is scored by a model that was trained without its text and its
 * picture, nor near-duplicates of them.
 *
 * @throws InvalidArgumentError for fewer pairs than folds.
 */
export async function scorePairs(
  pairs: Pairs,
  { learn, seed, folds = 5, exchanges = 20 }: ScorePairsOptions,
): Promise<HeldOutScores> {
  const dealt = dealFolds(pairs.groups, folds, seed)
  const raw = new Array<number>(pairs.groups.length)
  const observed = new Array<number>(pairs.groups.length)
  const exchanged: number[] = []
  for (const [fold, rows] of dealt.entries()) {
    const others = dealt.flatMap((other, i) => (i === fold ? [] : other)).sort((a, b) => a - b)
    const train = choosePairs(pairs, others)
    const [ofText, ofImage] = [standardizer(train.text), standardizer(train.image)]
    const standard = ({ text, image }: PairFeatures) => ({ text: ofText(text), image: ofImage(image) })
    const groups = others.map(row => pairs.groups[row]!)
    const scorer = await learn({ ...standard(train), groups }, seed * folds + fold)

    const held = standard(choosePairs(pairs, rows))
    const own = await scorer.score(held, rows.map((_, i) => [i, i] as const)) // biome-ignore format: one line
    const foreign = await scorer.score(held, exchangedPairs(rows.map(row => pairs.groups[row]!), exchanges, seed)) // biome-ignore format: one line
    await scorer.dispose()

    const mean = foreign.reduce((sum, score) => sum + score, 0) / foreign.length
    const variance = foreign.reduce((sum, score) => sum + (score - mean) ** 2, 0) / foreign.length
    const scaled = (score: number): number => (score - mean) / Math.sqrt(variance || 1)
    for (const [i, row] of rows.entries()) {
      raw[row] = own[i]!
      observed[row] = scaled(own[i]!)
    }
    for (const score of foreign) exchanged.push(scaled(score))
  }
  return { raw, observed, exchanged }
}

/** Every text with so many pictures of other groups, each picture as often as any other but for those left out. */
function exchangedPairs(groups: readonly number[], exchanges: number, seed: number): [number, number][] {
  const order = permutation(groups.length, { seed, site: 'exchanged' })
  const shifts = Array.from({ length: Math.min(exchanges, groups.length - 1) }, (_, i) => i + 1)
  return shifts.flatMap(shift =>
    order
      .map((row, place): [number, number] => [row, order[(place + shift) % order.length]!])
      .filter(([text, image]) => groups[text] !== groups[image]),
  )
}

import { areaUnderRoc, spreadOf } from '@mafjs/evaluate'
import { calibrationError } from '@mafjs/evaluate/calibration'
import { permutation } from '@mafjs/tensor'
import { standardizer } from '@mafjs/train'
import type { Pair } from './matching-task'

/** Learns from pairs and scores others: the higher, the more text and picture look as if they belonged together. */
export type Scorer = (train: readonly Pair[], unseen: readonly Pair[], seed: number) => Promise<number[]>

/** Scores pairs, and every text with 20 other pictures, by models that have not seen them, nor near-duplicates. */
export async function scoreHeldOut(pairs: readonly Pair[], scorer: Scorer, seed: number, folds = 5) {
  const order = [...permutation(pairs.length, { seed, site: 'folds' })].map(i => pairs[i]!)
  const foldOf = new Map([...new Set(order.map(one => one.group))].map((group, i) => [group, i % folds]))
  const [judged, falseScores] = [[] as { pair: Pair; raw: number; score: number }[], [] as number[]]
  for (let fold = 0; fold < folds; fold++) {
    const train = order.filter(({ group }) => foldOf.get(group) !== fold)
    const text = standardizer(train.map(one => one.text))
    const image = standardizer(train.map(one => one.image))
    const standard = (pair: Pair): Pair => ({ ...pair, text: text(pair.text), image: image(pair.image) })
    const held = order.filter(({ group }) => foldOf.get(group) === fold).map(standard)
    const foreign = held.flatMap((pair, place) => {
      const others = Array.from({ length: 20 }, (_, i) => held[(place + 1 + i) % held.length]!)
      return others.flatMap(({ group, image }) => (group === pair.group ? [] : [{ ...pair, image }]))
    })
    const raw = await scorer(train.map(standard), [...held, ...foreign], seed * folds + fold)
    // All folds on one scale, that of the other pictures.
    const { mean, deviation } = spreadOf(raw.slice(held.length))
    const scaled = (score: number): number => (score - mean) / (deviation || 1)
    judged.push(...held.map((pair, i) => ({ pair, raw: raw[i]!, score: scaled(raw[i]!) })))
    falseScores.push(...raw.slice(held.length).map(scaled))
  }
  return { judged, falseScores }
}

/** How well what does not fit is dropped, where it is known: shares from 0 to 1. */
export function measure(probabilities: readonly number[], threshold: number, fits: readonly boolean[]) {
  const [fitting, wrong] = [true, false].map(truth => probabilities.filter((_, i) => fits[i] === truth))
  const dropped = (some: readonly number[]): number => some.filter(said => said < threshold).length
  return {
    dropped: dropped(probabilities) / fits.length,
    precision: dropped(wrong!) / dropped(probabilities),
    recall: dropped(wrong!) / wrong!.length,
    lost: dropped(fitting!) / fitting!.length,
    AUC: areaUnderRoc(fitting!, wrong!)!,
    ECE: calibrationError(probabilities, fits),
  }
}

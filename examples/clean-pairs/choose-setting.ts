import { areaUnderRoc } from '@mafjs/evaluate'
import type { Pairs } from './pairs'
import { type LearnScorer, scorePairs } from './score-pairs'

/** A way to learn, with its name. */
export interface NamedLearner {
  name: string
  learn: LearnScorer
}

/**
 * The way whose held-out scores tell the pairs from exchanged ones best, by AUC. That needs no label: mismatches among the
 * pairs take the same from every way.
 */
export async function chooseSetting(
  pairs: Pairs,
  learners: readonly NamedLearner[],
  { seed, onNote }: { seed: number; onNote: (note: string) => void },
): Promise<LearnScorer> {
  if (learners.length === 1) return learners[0]!.learn
  let best = { learn: learners[0]!.learn, auc: -1 }
  for (const { name, learn } of learners) {
    const { observed, exchanged } = await scorePairs(pairs, { learn, seed, folds: 3 })
    const auc = areaUnderRoc(observed, exchanged)!
    onNote(`${name}: AUC of pairs against exchanged ones ${auc.toFixed(3)}`)
    if (auc > best.auc) best = { learn, auc }
  }
  return best.learn
}

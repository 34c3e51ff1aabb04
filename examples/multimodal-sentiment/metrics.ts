/** How well labels were predicted; shares from 0 to 1. */
export interface LabelScores {
  accuracy: number
  /** Mean over the classes of their F1; a class that is neither there nor predicted has 0. */
  macroF1: number
}

/** Scores predicted classes, both as indices. */
export function scoreLabels(
  gold: readonly number[],
  predicted: readonly number[],
  classes: number,
): LabelScores {
  const count = (is: (i: number) => boolean): number => [...gold.keys()].filter(is).length
  const f1s = Array.from({ length: classes }, (_, label) => {
    const right = count(i => gold[i] === label && predicted[i] === label)
    const either = count(i => gold[i] === label) + count(i => predicted[i] === label)
    return either === 0 ? 0 : (2 * right) / either
  })
  return {
    accuracy: count(i => gold[i] === predicted[i]) / gold.length,
    macroF1: f1s.reduce((sum, f1) => sum + f1, 0) / classes,
  }
}

/** The class that most labels have; of equals the first. */
export function majority(labels: readonly number[], classes: number): number {
  const counts = Array.from({ length: classes }, (_, label) => labels.filter(one => one === label).length)
  return counts.indexOf(Math.max(...counts))
}

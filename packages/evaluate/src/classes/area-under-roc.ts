/**
 * The area under the ROC curve of two lists of scores: the probability that one of `positive` is higher than one of
 * `negative`, a tie counting half. Source: Mann and Whitney, "On a test of whether one of two random variables is
 * stochastically larger than the other", 1947.
 *
 * @returns from 0 to 1, or null where a list is empty
 */
export function areaUnderRoc(positive: readonly number[], negative: readonly number[]): number | null {
  if (positive.length === 0 || negative.length === 0) return null
  const sorted = [
    ...positive.map(score => ({ score, isPositive: true })),
    ...negative.map(score => ({ score, isPositive: false })),
  ].sort((a, b) => a.score - b.score)
  let below = 0 // negatives with a lower score
  let wins = 0
  for (let start = 0; start < sorted.length; ) {
    let end = start
    let positives = 0
    for (; end < sorted.length && sorted[end]!.score === sorted[start]!.score; end++) {
      if (sorted[end]!.isPositive) positives++
    }
    const negatives = end - start - positives
    wins += positives * (below + negatives / 2)
    below += negatives
    start = end
  }
  return wins / (positive.length * negative.length)
}

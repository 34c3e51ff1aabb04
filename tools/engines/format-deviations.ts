import { type JudgedDeviation, ZERO_SHARE } from './deviation'

/** What the engines differ by, and what did not hold. */
export interface DeviationReport {
  text: string
  /** Losses and gradients that differ at some point by more than they may. */
  failed: number
}

/** The largest deviation and the largest noise of each loss and gradient over all points, largest deviation first. */
function summarise(deviations: readonly JudgedDeviation[]): JudgedDeviation[] {
  const byName = new Map<string, JudgedDeviation>()
  for (const deviation of deviations) {
    const known = byName.get(deviation.name) ?? deviation
    byName.set(deviation.name, {
      ...deviation,
      share: Math.max(known.share, deviation.share),
      noise: Math.max(known.noise, deviation.noise),
      isZero: known.isZero && deviation.isZero,
    })
  }
  return [...byName.values()].sort((a, b) => b.share - a.share)
}

/**
 * The largest deviation of every loss and of the gradients that differ most, over all points. A gradient may differ by the
 * tolerance, or by what the last bits of the parameters move it: no two orders of adding give that alike.
 */
export function formatDeviations(deviations: readonly JudgedDeviation[], tolerance: number): DeviationReport {
  const all = summarise(deviations)
  const isWithin = ({ share }: JudgedDeviation): boolean => share <= tolerance
  const isLoss = ({ name }: JudgedDeviation): boolean => name.startsWith('loss')
  const hasFailed = (one: JudgedDeviation): boolean => !isWithin(one) && !(one.share <= one.noise)
  const line = (one: JudgedDeviation): string =>
    `  ${hasFailed(one) ? 'FAIL ' : ''}${one.share.toExponential(1)} ${one.name}; by other last bits ${one.noise.toExponential(1)}`
  const within = all.filter(isWithin)
  const beyond = all.filter(one => !isWithin(one))
  const failed = beyond.filter(hasFailed).length
  const zeros = all.filter(({ isZero }) => isZero).map(({ name }) => name.replace('gradient ', ''))
  const lines = [
    `Largest deviation over all points, as a share of the largest number of each of ${all.length} tensors; beside it how far`,
    'the eager engine alone moves, when the last bits of the parameters are others.',
    `${within.length} within ${tolerance}; the losses, and the largest of the others:`,
    ...within.filter(isLoss).map(line),
    ...[...within.filter(one => !isLoss(one)).slice(0, 5)].map(line),
    `${beyond.length} beyond it, ${failed} of them also beyond what other last bits do:`,
    ...beyond.map(line),
    `${zeros.length} zero by the mathematics, below ${ZERO_SHARE} of the norm of all gradients: ${zeros.join(', ') || 'none'}`,
  ]
  return { text: lines.join('\n'), failed }
}

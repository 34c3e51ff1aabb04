import { AS_NEAR, type Deviation, isChance, isRounding } from './deviation'

/** One loss or gradient over all points: its largest deviations. */
interface Summary extends Deviation {
  hasFailed: boolean
}

function summarise(name: string, points: readonly Deviation[], tolerance: number): Summary {
  const largest = (of: (one: Deviation) => number): number =>
    points.reduce((most, one) => (of(one) <= most ? most : of(one)), 0)
  const eagerError = largest(one => one.eagerError)
  const isExplained = ({ share, compiledError, noise }: Deviation): boolean =>
    share <= tolerance || isRounding(compiledError, eagerError) || isChance(share, noise)
  return {
    name,
    share: largest(({ share }) => share),
    compiledError: largest(one => one.compiledError),
    eagerError,
    noise: largest(({ noise = 0 }) => noise),
    isZero: points.every(({ isZero }) => isZero),
    hasFailed: !points.every(isExplained),
  }
}

function line({ name, share, compiledError, eagerError, noise, hasFailed }: Summary): string {
  const shares = [share, compiledError, eagerError, noise!].map(x => x.toExponential(1))
  const [between, compiled, eager, bits] = shares
  const byBits = noise ? `; other last bits of the parameters ${bits}` : ''
  return `  ${hasFailed ? 'FAIL ' : ''}${between} ${name} (from float64: compiled ${compiled}, eager ${eager}${byBits})`
}

/**
 * The deviations of every loss and of the gradients that differ most. A gradient may differ by the tolerance, or where it
 * differs by more, be about as near to float64 as the eager engine is, which is all that float32 can give. Where it is not,
 * other last bits of the parameters must move it about as far: what is left of a sum whose terms cancel, or a kink, such as
 * that of a ReLU or of a maximum.
 *
 * @returns the text, and how many losses and gradients differ by more than they may
 */
export function formatDeviations(deviations: readonly Deviation[], tolerance: number) {
  const names = [...new Set(deviations.map(({ name }) => name))]
  const of = (name: string): Deviation[] => deviations.filter(one => one.name === name)
  const all = names.map(name => summarise(name, of(name), tolerance)).sort((a, b) => b.share - a.share)
  const isLoss = ({ name }: Summary): boolean => name.startsWith('loss')
  const isWithin = ({ share }: Summary): boolean => share <= tolerance
  const [within, beyond] = [all.filter(isWithin), all.filter(one => !isWithin(one))]
  const failed = beyond.filter(({ hasFailed }) => hasFailed).length
  const zeros = all.filter(({ isZero }) => isZero).map(({ name }) => name.replace('gradient ', ''))
  const lines = [
    `Largest deviation between the engines over all points, as a share of the largest number of each of ${all.length} tensors:`,
    `${within.length} within ${tolerance}; the losses, and the largest of the others:`,
    ...within.filter(isLoss).map(line),
    ...[...within.filter(one => !isLoss(one))].slice(0, 5).map(line),
    `${beyond.length} beyond it; ${failed} of them neither within ${AS_NEAR} times the eager engine's distance from float64 nor within ${AS_NEAR} times what other last bits do:`,
    ...beyond.map(line),
    `${zeros.length} zero by the mathematics, as shares of the norm of all gradients: ${zeros.join(', ') || 'none'}`,
  ]
  return { text: lines.join('\n'), failed }
}

import { assertReachable, type Lattice } from './lattice'

/** The sums over all legal paths of one sentence, by position and label, in logarithms. */
export interface ForwardBackward {
  /** `[length, labels]`: all ways to get to a label, its own emission included. */
  forward: Float64Array
  /** `[length, labels]`: all ways on from a label to the end, its own emission left out. */
  backward: Float64Array
  /** The logarithm of the partition function. */
  logPartition: number
}

/**
 * The forward-backward algorithm (Rabiner 1989, section III.A) over the legal paths of one sentence of length >= 1.
 *
 * @throws InvalidArgumentError when the constraints leave the sentence no path at all.
 */
export function forwardBackward(lattice: Lattice, sentence: number): ForwardBackward {
  const { emissions, positions, labels, end, transitions } = lattice
  const length = lattice.lengths[sentence]!
  const offset = sentence * positions * labels
  const backward = new Float64Array(length * labels)
  const terms = new Float64Array(labels)
  backward.set(end, (length - 1) * labels)
  for (let t = length - 2; t >= 0; t--) {
    const next = (t + 1) * labels
    for (let from = 0; from < labels; from++) {
      for (let to = 0; to < labels; to++) {
        terms[to] = transitions[from * labels + to]! + emissions[offset + next + to]! + backward[next + to]!
      }
      backward[t * labels + from] = logSum(terms)
    }
  }
  return { ...forwardSums(lattice, sentence), backward }
}

/**
 * The forward half alone, which is all the partition function needs.
 *
 * @throws InvalidArgumentError when the constraints leave the sentence no path at all.
 */
export function forwardSums(lattice: Lattice, sentence: number): Omit<ForwardBackward, 'backward'> {
  const { emissions, positions, labels, start, end, transitions } = lattice
  const length = lattice.lengths[sentence]!
  const offset = sentence * positions * labels
  const forward = new Float64Array(length * labels)
  const terms = new Float64Array(labels)
  for (let to = 0; to < labels; to++) forward[to] = start[to]! + emissions[offset + to]!
  for (let t = 1; t < length; t++) {
    for (let to = 0; to < labels; to++) {
      for (let from = 0; from < labels; from++) {
        terms[from] = forward[(t - 1) * labels + from]! + transitions[from * labels + to]!
      }
      forward[t * labels + to] = logSum(terms) + emissions[offset + t * labels + to]!
    }
  }
  const logPartition = logSum(end.map((score, label) => forward[(length - 1) * labels + label]! + score))
  assertReachable(logPartition, sentence)
  return { forward, logPartition }
}

/** `log(sum(exp(terms)))`; -Infinity for no terms or only forbidden ones. */
export function logSum(terms: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < terms.length; i++) if (terms[i]! > largest) largest = terms[i]!
  if (largest === Number.NEGATIVE_INFINITY) return largest
  let sum = 0
  for (let i = 0; i < terms.length; i++) sum += Math.exp(terms[i]! - largest)
  return largest + Math.log(sum)
}

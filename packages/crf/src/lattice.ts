import { InvalidArgumentError } from '@mafjs/tensor'
import type { LabelConstraints } from './constraints'
import { assertCrfShapes, type CrfEmissions, type CrfScores, lengthsOf } from './inputs'

/**
 * One batch's scores as plain numbers, read from the backend once: what Viterbi, marginals and span probabilities
 * run on. What the constraints forbid scores -Infinity here.
 */
export interface Lattice {
  /** `[batch, positions, labels]`, row-major. */
  emissions: ArrayLike<number>
  /** `[batch]`: the number of real positions of every sentence. */
  lengths: readonly number[]
  positions: number
  labels: number
  /** `[labels]` */
  start: Float64Array
  /** `[labels]` */
  end: Float64Array
  /** `[labels, labels]`, from row to column, row-major. */
  transitions: Float64Array
}

/** The plain numbers a lattice is made of. */
export interface LatticeOptions {
  /** `[batch, positions, labels]`, row-major. */
  emissions: ArrayLike<number>
  /** `[batch, positions]`, row-major: ones followed by zeros. */
  mask: ArrayLike<number>
  /** The padded length of the batch. */
  positions: number
  /** `[labels]` */
  start: ArrayLike<number>
  /** `[labels]` */
  end: ArrayLike<number>
  /** `[labels, labels]`, from row to column, row-major. */
  transitions: ArrayLike<number>
  /** What decoding may not do. @default nothing is forbidden */
  constraints?: LabelConstraints | undefined
}

/**
 * Makes a lattice from plain numbers, for emissions that were never a tensor (another runtime's output).
 *
 * @throws InvalidArgumentError for sizes that do not fit, a mask with holes, or an emission that is not finite.
 */
export function createLattice({
  emissions,
  mask,
  positions,
  start,
  end,
  transitions,
  constraints,
}: LatticeOptions): Lattice {
  const labels = start.length
  const batch = mask.length / positions
  assertSize('emissions', emissions, mask.length * labels)
  assertSize('end', end, labels)
  assertSize('transitions', transitions, labels * labels)
  if (constraints) {
    assertSize('constraints.start', constraints.start, labels)
    assertSize('constraints.transitions', constraints.transitions.flat(), labels * labels)
  }
  const lengths = lengthsOf(mask, batch, positions)
  for (const [sentence, length] of lengths.entries()) {
    const first = sentence * positions * labels
    for (let i = first; i < first + length * labels; i++) {
      if (Number.isFinite(emissions[i]!)) continue
      const place = `[${sentence}][${Math.floor((i - first) / labels)}][${(i - first) % labels}]`
      throw new InvalidArgumentError({
        argument: `emissions${place}`,
        rule: 'must be a finite number',
        received: emissions[i],
        fix: 'The model that made it has overflowed; look for NaN in its parameters.',
      })
    }
  }
  const legal = (score: number, allowed = true): number => (allowed ? score : Number.NEGATIVE_INFINITY)
  return {
    emissions,
    lengths,
    positions,
    labels,
    start: Float64Array.from(start, (score, to) => legal(score, constraints?.start[to])),
    end: Float64Array.from(end),
    transitions: Float64Array.from(transitions, (score, i) =>
      legal(score, constraints?.transitions[Math.floor(i / labels)]?.[i % labels]),
    ),
  }
}

/**
 * Reads a batch and its scores from the backend, all at once and without blocking.
 *
 * @param constraints what decoding may not do. @default nothing is forbidden
 * @throws InvalidArgumentError for shapes that do not fit, a mask with holes, or an emission that is not finite.
 */
export async function readLattice({
  constraints,
  ...tensors
}: CrfEmissions & CrfScores & { constraints?: LabelConstraints }): Promise<Lattice> {
  const { positions } = assertCrfShapes(tensors)
  const [emissions, mask, start, end, transitions] = await Promise.all([
    tensors.emissions.data(),
    tensors.mask.data(),
    tensors.start.data(),
    tensors.end.data(),
    tensors.transitions.data(),
  ])
  return createLattice({ emissions, mask, positions, start, end, transitions, constraints })
}

/**
 * Checks that a sentence has a path: its best or summed score is not -Infinity.
 * @throws InvalidArgumentError naming the sentence.
 */
export function assertReachable(score: number, sentence: number): void {
  if (Number.isFinite(score)) return
  throw new InvalidArgumentError({
    argument: 'constraints',
    rule: `must leave sentence ${sentence} at least one path of a finite score`,
    received: score,
    fix: 'Allow some label at the start and after every label.',
  })
}

function assertSize(argument: string, values: ArrayLike<unknown>, size: number): void {
  if (values.length !== size) {
    throw new InvalidArgumentError({
      argument,
      rule: `must hold ${size} values`,
      received: `${values.length} values`,
    })
  }
}

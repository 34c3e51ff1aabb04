import { InvalidArgumentError } from '@mafjs/tensor'
import { type ForwardBackward, forwardBackward, logSum } from './forward-backward'
import type { Lattice } from './lattice'

/** A run of labels in one sentence, and what may not follow it. */
export interface LabelSpan {
  /** Its first position. */
  start: number
  /** The label ids from there on: `B-type`, `I-type`, `I-type`; or with whatever else the scheme puts between. */
  labels: readonly number[]
  /** The label that would make it longer, `I-type`. @default any label may follow */
  notNext?: number
}

/**
 * The probability of exactly these runs of labels, over the legal paths only (constrained forward-backward, Culotta and
 * McCallum 2004): all their labels, and then the end of the sentence or any label but `notNext`.
 *
 * @param spans one list per sentence
 * @returns one list per sentence, in the order of `spans`
 * @throws InvalidArgumentError for a span that is empty or leaves its sentence, or a label out of range.
 */
export function spanProbabilities(lattice: Lattice, spans: readonly (readonly LabelSpan[])[]): number[][] {
  if (spans.length !== lattice.lengths.length) {
    throw new InvalidArgumentError({
      argument: 'spans',
      rule: `must hold one list per sentence, ${lattice.lengths.length}`,
      received: `${spans.length} lists`,
    })
  }
  return spans.map((list, sentence) => {
    for (const [index, span] of list.entries()) assertSpan(lattice, sentence, index, span)
    if (list.length === 0) return []
    const sums = forwardBackward(lattice, sentence)
    return list.map(span =>
      Math.min(1, Math.exp(logScore(lattice, sentence, sums, span) - sums.logPartition)),
    )
  })
}

/** The logarithm of the summed exponential scores of all legal paths that hold exactly this span. */
function logScore(
  { emissions, lengths, positions, labels, end: endScores, transitions }: Lattice,
  sentence: number,
  { forward, backward }: ForwardBackward,
  { start, labels: run, notNext }: LabelSpan,
): number {
  const emission = (t: number, label: number): number =>
    emissions[(sentence * positions + t) * labels + label]!
  const end = start + run.length
  const last = run.at(-1)!
  let score = forward[start * labels + run[0]!]!
  for (let i = 1; i < run.length; i++) {
    score += transitions[run[i - 1]! * labels + run[i]!]! + emission(start + i, run[i]!)
  }
  if (end === lengths[sentence]) return score + endScores[last]!
  const ways = Float64Array.from({ length: labels }, (_, to) =>
    to === notNext
      ? Number.NEGATIVE_INFINITY
      : transitions[last * labels + to]! + emission(end, to) + backward[end * labels + to]!,
  )
  return score + logSum(ways)
}

function assertSpan({ lengths, labels }: Lattice, sentence: number, index: number, span: LabelSpan): void {
  const refuse = (rule: string): never => {
    throw new InvalidArgumentError({ argument: `spans[${sentence}][${index}]`, rule, received: span })
  }
  const { start, labels: run, notNext } = span
  const length = lengths[sentence]!
  if (run.length === 0) refuse('must have at least one label')
  if (!Number.isInteger(start) || start < 0 || start + run.length > length) {
    refuse(`must lie within its sentence of length ${length}`)
  }
  const isLabel = (id: number): boolean => Number.isInteger(id) && id >= 0 && id < labels
  if (!run.every(isLabel) || (notNext !== undefined && !isLabel(notNext))) {
    refuse(`must have label ids from 0 to ${labels - 1}`)
  }
}

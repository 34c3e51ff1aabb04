import { assertReachable, type Lattice } from './lattice'

/** The best path of every sentence. */
export interface ViterbiResult {
  /** Label ids, one list per sentence, padding removed; an empty list for a sentence of length 0. */
  paths: number[][]
  /** The score of each path: start, emissions, transitions and end added up. */
  scores: number[]
}

/**
 * The highest-scoring legal path of every sentence (Viterbi 1967), in double precision; a tie goes to the lower label id.
 *
 * @throws InvalidArgumentError when the constraints leave a sentence no path at all.
 */
export function viterbi(lattice: Lattice): ViterbiResult {
  const best = lattice.lengths.map((_, sentence) => bestPath(lattice, sentence))
  return { paths: best.map(({ path }) => path), scores: best.map(({ score }) => score) }
}

function bestPath(lattice: Lattice, sentence: number): { path: number[]; score: number } {
  const { emissions, positions, labels, start, end, transitions } = lattice
  const length = lattice.lengths[sentence]!
  if (length === 0) return { path: [], score: 0 }
  const offset = sentence * positions * labels
  const previous = new Int32Array(length * labels)
  let scores = new Float64Array(labels)
  let next = new Float64Array(labels)
  for (let to = 0; to < labels; to++) scores[to] = start[to]! + emissions[offset + to]!
  for (let t = 1; t < length; t++) {
    for (let to = 0; to < labels; to++) {
      let from = 0
      let score = Number.NEGATIVE_INFINITY
      for (let i = 0; i < labels; i++) {
        const candidate = scores[i]! + transitions[i * labels + to]!
        if (candidate > score) {
          score = candidate
          from = i
        }
      }
      previous[t * labels + to] = from
      next[to] = score + emissions[offset + t * labels + to]!
    }
    ;[scores, next] = [next, scores]
  }
  let last = 0
  for (let to = 1; to < labels; to++) if (scores[to]! + end[to]! > scores[last]! + end[last]!) last = to
  const score = scores[last]! + end[last]!
  assertReachable(score, sentence)
  const path = new Array<number>(length)
  for (let t = length - 1, label = last; t >= 0; label = previous[t * labels + label]!, t--) path[t] = label
  return { path, score }
}

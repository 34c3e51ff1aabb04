import type { Lattice } from '@mafjs/crf'
import type { Row } from './comparison'

/** Two paths may differ only where their scores tie this closely. */
const TIE = 1e-4

/** A path's score: start, emissions, transitions and end added up; NaN for a label that does not exist. */
function pathScore(lattice: Lattice, sentence: number, path: readonly number[]): number {
  const { emissions, positions, labels, start, end, transitions } = lattice
  return path.reduce((score, label, t) => {
    const before = t === 0 ? start[label]! : transitions[path[t - 1]! * labels + label]!
    return score + before + emissions[(sentence * positions + t) * labels + label]!
  }, end[path.at(-1)!]!)
}

/**
 * Compares decoded paths. Both are scored here, path by path, so that a path which is not the one whose score the decoder
 * claims is found too.
 */
export function compareDecodes(
  name: string,
  lattice: Lattice,
  paths: readonly (readonly number[])[],
  golden: readonly (readonly number[])[],
): Row {
  const differing = golden.flatMap((path, i) => (path.join() === paths[i]?.join() ? [] : [i]))
  const wrong = differing.filter(i => {
    if (paths[i]?.length !== golden[i]!.length) return true
    return !(Math.abs(pathScore(lattice, i, paths[i]) - pathScore(lattice, i, golden[i]!)) <= TIE)
  })
  const ties = differing.length - wrong.length
  return {
    name,
    deviation: wrong.length + Math.abs(paths.length - golden.length),
    tolerance: 0,
    note: ties > 0 ? `${ties} of ${golden.length} sentences tie within ${TIE}` : undefined,
  }
}

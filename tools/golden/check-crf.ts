import { join } from 'node:path'
import { crfLogLikelihood, type Lattice, readLattice, viterbi } from '@mafjs/crf'
import * as tf from '@tensorflow/tfjs-core'
import { type Applied, type Computer, once } from '../engine/computer'
import {
  compareNumber,
  compareTensor,
  type FolderReport,
  gradientTolerance,
  largestValue,
  type Row,
} from './comparison'
import { openTracked, readCases, type TrackedTensors } from './golden-files'

interface CrfCase {
  name: string
  lengths: number[]
  log_likelihood: { none: number[]; mean: number; sum: number; token_mean: number }
  decode: number[][]
  viterbi_score: number[]
  f32_llh_none: number[]
}

const VARIABLES = ['emissions', 'start_transitions', 'end_transitions', 'transitions'] as const

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
 * Decodes and compares the paths. Both are scored here, path by path, so that a path which is not the one whose score the
 * decoder claims is found too.
 */
export function compareDecodes(
  name: string,
  lattice: Lattice,
  golden: readonly (readonly number[])[],
): { row: Row; scores: number[] } {
  const { paths, scores } = viterbi(lattice)
  const differing = golden.flatMap((path, i) => (path.join() === paths[i]?.join() ? [] : [i]))
  const wrong = differing.filter(i => {
    if (paths[i]?.length !== golden[i]!.length) return true
    return !(Math.abs(pathScore(lattice, i, paths[i]) - pathScore(lattice, i, golden[i]!)) <= TIE)
  })
  const ties = differing.length - wrong.length
  const note = ties > 0 ? `${ties} of ${golden.length} sentences tie within ${TIE}` : undefined
  const deviation = wrong.length + Math.abs(paths.length - golden.length)
  return { row: { name, deviation, tolerance: 0, note }, scores: [...scores] }
}

async function checkCase(computer: Computer, golden: CrfCase, file: TrackedTensors): Promise<Row[]> {
  const load = (name: string, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor =>
    tf.tensor(file.values(`${golden.name}/${name}`), file.shape(`${golden.name}/${name}`), dtype)
  const variables = Object.fromEntries(VARIABLES.map(name => [name, tf.variable(load(name))]))
  const scores = {
    emissions: variables['emissions'] as unknown as tf.Tensor3D,
    start: variables['start_transitions'] as unknown as tf.Tensor1D,
    end: variables['end_transitions'] as unknown as tf.Tensor1D,
    transitions: variables['transitions'] as unknown as tf.Tensor2D,
  }
  const inputs = { mask: load('mask') as tf.Tensor2D, labels: load('tags', 'int32') as tf.Tensor2D }
  const logLikelihood = (given: typeof inputs, options: Applied): tf.Tensor1D =>
    crfLogLikelihood({ ...scores, ...given }, options)
  const rows: Row[] = []

  const program = computer.program((given: typeof inputs, options) => ({
    all: logLikelihood(given, options),
  }))
  const likelihood = Array.from((await once(program, inputs))['all']!.values)
  const { none, mean, sum, token_mean } = golden.log_likelihood
  const recorded = golden.f32_llh_none ?? []
  for (const [i, value] of likelihood.entries()) {
    rows.push(compareNumber(`${golden.name}/log_likelihood[${i}]`, value, none[i], recorded[i]))
  }
  const total = likelihood.reduce((a, b) => a + b, 0)
  const steps = golden.lengths.reduce((a, b) => a + b, 0)
  const worst = Math.max(0, ...recorded.map((value, i) => Math.abs(value - none[i]!)))
  const reductions: [string, number, number, number][] = [
    ['sum', total, sum, worst * likelihood.length],
    ['mean', total / likelihood.length, mean, worst],
    ['token_mean', total / steps, token_mean, worst],
  ]
  for (const [name, actual, expected, deviation] of reductions) {
    const path = `${golden.name}/log_likelihood.${name}`
    rows.push(compareNumber(path, actual, expected, expected + deviation))
  }

  const loss = (given: typeof inputs, options: Applied) => ({
    total: tf.neg(tf.mean(logLikelihood(given, options))) as tf.Scalar,
  })
  const { gradients } = await once(computer.gradients(loss, variables), inputs)
  for (const name of VARIABLES) {
    const path = `${golden.name}/grad_nll_mean/${name}`
    const expected = file.tensor(path)
    const tolerance = gradientTolerance(largestValue(expected.values))
    rows.push(compareTensor(path, gradients[name]!, expected, tolerance))
  }

  const lattice = await readLattice({ ...scores, mask: inputs.mask })
  const decoded = compareDecodes(`${golden.name}/decode`, lattice, golden.decode)
  rows.push(decoded.row)
  for (const [i, score] of decoded.scores.entries()) {
    rows.push(compareNumber(`${golden.name}/viterbi_score[${i}]`, score, golden.viterbi_score[i]))
  }
  tf.dispose([variables, inputs])
  return rows
}

/** Checks every case of a `crf` golden folder: likelihoods, gradients, decodes, scores. */
export async function checkCrf(folder: string, computer: Computer): Promise<FolderReport> {
  const file = openTracked(join(folder, 'crf.safetensors'))
  const rows: Row[] = []
  for (const golden of readCases<CrfCase>(join(folder, 'crf.json'))) {
    rows.push(...(await checkCase(computer, golden, file)))
  }
  return { folder, rows, unmatched: file.unmatched(), unused: file.leftOut() }
}

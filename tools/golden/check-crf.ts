import { join } from 'node:path'
import { crfLogLikelihood, readLattice, viterbi } from '@mafjs/crf'
import * as tf from '@tensorflow/tfjs-core'
import { compareDecodes } from './compare-decodes'
import {
  compareNumber,
  compareTensor,
  type FolderReport,
  gradientTolerance,
  largestValue,
  type Row,
} from './comparison'
import type { GoldenEngine, GoldenOptions } from './engine/golden-engine'
import { openTracked, readCases, type TrackedTensors } from './golden-files'

interface CrfCase {
  name: string
  lengths: number[]
  log_likelihood: { none: number[]; mean: number; sum: number; token_mean: number }
  decode: number[][]
  viterbi_score: number[]
  f32_llh_none: number[]
}

const PARAMETERS = ['start_transitions', 'end_transitions', 'transitions'] as const

async function checkCase(engine: GoldenEngine, golden: CrfCase, file: TrackedTensors): Promise<Row[]> {
  const load = (name: string, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor =>
    tf.tensor(file.values(`${golden.name}/${name}`), file.shape(`${golden.name}/${name}`), dtype)
  const variables = Object.fromEntries(
    ['emissions', ...PARAMETERS].map(name => [name, tf.variable(load(name))]),
  )
  const scores = {
    emissions: variables['emissions'] as unknown as tf.Tensor3D,
    start: variables['start_transitions'] as unknown as tf.Tensor1D,
    end: variables['end_transitions'] as unknown as tf.Tensor1D,
    transitions: variables['transitions'] as unknown as tf.Tensor2D,
  }
  const inputs = { mask: load('mask') as tf.Tensor2D, labels: load('tags', 'int32') as tf.Tensor2D }
  const logLikelihood = (given: typeof inputs, options: GoldenOptions): tf.Tensor1D =>
    crfLogLikelihood({ ...scores, ...given }, options)
  const rows: Row[] = []

  const computed = await engine.compute(
    (given: typeof inputs, options) => ({ logLikelihood: logLikelihood(given, options) }),
    inputs,
  )
  const likelihood = Array.from(computed['logLikelihood']!.values)
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

  const gradients = await engine.gradients(
    (given: typeof inputs, options) => ({
      total: tf.neg(tf.mean(logLikelihood(given, options))) as tf.Scalar,
    }),
    variables,
    inputs,
  )
  for (const name of ['emissions', ...PARAMETERS]) {
    const path = `${golden.name}/grad_nll_mean/${name}`
    const expected = file.tensor(path)
    const tolerance = gradientTolerance(largestValue(expected.values))
    rows.push(compareTensor(path, gradients[name]!, expected, tolerance))
  }

  const lattice = await readLattice({ ...scores, mask: inputs.mask })
  const { paths, scores: best } = viterbi(lattice)
  rows.push(compareDecodes(`${golden.name}/decode`, lattice, paths, golden.decode))
  for (const [i, score] of best.entries()) {
    rows.push(compareNumber(`${golden.name}/viterbi_score[${i}]`, score, golden.viterbi_score[i]))
  }
  tf.dispose([variables, inputs])
  return rows
}

/** Checks every case of a `crf` golden folder: likelihoods, gradients, decodes, scores. */
export async function checkCrf(folder: string, engine: GoldenEngine): Promise<FolderReport> {
  const file = openTracked(join(folder, 'crf.safetensors'))
  const rows: Row[] = []
  for (const golden of readCases<CrfCase>(join(folder, 'crf.json'))) {
    rows.push(...(await checkCase(engine, golden, file)))
  }
  return { folder, rows, unmatched: file.unmatched(), unused: file.leftOut() }
}

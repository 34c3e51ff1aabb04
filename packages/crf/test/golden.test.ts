import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { crfLogLikelihood, readLattice, viterbi } from '@mafjs/crf'
import { registerGradients } from '@mafjs/tensor/gradients'
import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'

interface Case {
  name: string
  log_likelihood: { none: number[]; mean: number; sum: number; token_mean: number }
  decode: number[][]
  viterbi_score: number[]
}

const folder = new URL('../../ner-maf/test/fixtures/golden/crf/', import.meta.url)
const cases: Case[] = JSON.parse(readFileSync(new URL('crf.json', folder), 'utf8'))
const stored = readSafetensors(new Uint8Array(readFileSync(new URL('crf.safetensors', folder)))).tensors

registerGradients()
await tf.setBackend('cpu')

const load = (name: string, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor => {
  const entry = stored[name]!
  return tf.tensor(toFloat32(entry), entry.shape, dtype)
}

const inputsOf = (name: string) => ({
  emissions: load(`${name}/emissions`) as tf.Tensor3D,
  labels: load(`${name}/tags`, 'int32') as tf.Tensor2D,
  mask: load(`${name}/mask`) as tf.Tensor2D,
  start: load(`${name}/start_transitions`) as tf.Tensor1D,
  end: load(`${name}/end_transitions`) as tf.Tensor1D,
  transitions: load(`${name}/transitions`) as tf.Tensor2D,
})

/** Within 1e-5 of the value's size, as the golden command has it for losses. */
const near = (actual: number, expected: number): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-5 * Math.abs(expected) + 1e-6)
}

test('every tensor of the file belongs to a case', () => {
  expect(cases.length).toBeGreaterThan(0)
  expect(new Set(Object.keys(stored).map(name => name.split('/')[0]))).toEqual(
    new Set(cases.map(({ name }) => name)),
  )
})

describe.each(cases)('published CRF, $name', ({ name, log_likelihood, decode, viterbi_score }) => {
  test('log likelihoods', () => {
    const { mask, ...inputs } = inputsOf(name)
    const values = [...crfLogLikelihood({ mask, ...inputs }).dataSync()]
    const sum = values.reduce((total, value) => total + value)
    for (const [i, value] of values.entries()) near(value, log_likelihood.none[i]!)
    near(sum, log_likelihood.sum)
    near(sum / values.length, log_likelihood.mean)
    near(sum / tf.sum(mask).dataSync()[0]!, log_likelihood.token_mean)
    expect(Math.max(...values)).toBeLessThanOrEqual(0)
  })

  test('decode', async () => {
    const { paths, scores } = viterbi(await readLattice(inputsOf(name)))
    expect(paths).toEqual(decode)
    for (const [i, score] of scores.entries()) near(score, viterbi_score[i]!)
  })

  test('gradients of the mean negative log likelihood', () => {
    const { labels, mask, ...scores } = inputsOf(name)
    const entries = [scores.emissions, scores.start, scores.end, scores.transitions] as tf.Tensor[]
    const gradients = tf.grads((...[emissions, start, end, transitions]) =>
      tf.neg(
        tf.mean(
          crfLogLikelihood({
            labels,
            mask,
            emissions: emissions as tf.Tensor3D,
            start: start as tf.Tensor1D,
            end: end as tf.Tensor1D,
            transitions: transitions as tf.Tensor2D,
          }),
        ),
      ),
    )(entries)
    const expectedNames = ['emissions', 'start_transitions', 'end_transitions', 'transitions']
    for (const [i, parameter] of expectedNames.entries()) {
      const expected = toFloat32(stored[`${name}/grad_nll_mean/${parameter}`]!)
      const largest = Math.max(...expected.map(Math.abs))
      const deviation = Math.max(
        ...gradients[i]!.dataSync().map((value, j) => Math.abs(value - expected[j]!)),
      )
      expect(deviation, parameter).toBeLessThanOrEqual(2e-5 * largest + 1e-6)
    }
  })
})

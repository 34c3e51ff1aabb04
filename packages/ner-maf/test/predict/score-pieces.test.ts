import { useBackend } from '@mafjs/compile/engine'
import { collate } from '@mafjs/data'
import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import { wordLabels } from '../../src/task/decode-posts'
import { tag } from '../../src/task/tag'
import { eagerProgram } from '../engine/programs'
import { batchTensors } from '../model/batch-tensors'
import { post, tinyReference, tokenizer } from '../model/tiny'

beforeAll(() => useBackend('cpu'))

/** The weight of every path over some steps, by emissions and transitions alone, in the order of counting. */
function pathWeights(emissions: Tensor, crf: (name: string) => Float32Array, steps: number): Float64Array {
  const [, positions, labels] = emissions.shape as [number, number, number]
  const scores = emissions.dataSync()
  const [start, end, transitions] = ['start_transitions', 'end_transitions', 'transitions'].map(crf)
  let weights = Float64Array.from({ length: labels }, (_, label) => start![label]! + scores[label]!)
  for (let step = 1; step < steps; step++) {
    const longer = new Float64Array(weights.length * labels)
    for (const [path, weight] of weights.entries()) {
      for (let label = 0; label < labels; label++) {
        const transition = transitions![(path % labels) * labels + label]!
        longer[path * labels + label] = weight + transition + scores[step * labels + label]!
      }
    }
    weights = longer
  }
  expect(positions).toBeGreaterThan(steps)
  return weights.map((weight, path) => Math.exp(weight + end![path % labels]!))
}

test('over word pieces too scores and probabilities are shares of all paths', async () => {
  const model = buildMaf(tinyReference({ tokens: 8 }))
  const { labels } = model.config
  const ids = (name: string): number => labels.indexOf(name)
  const parameters = model.parameters()
  const set = (name: string, change: (value: number, i: number) => number): void => {
    const variable = parameters[name]!
    variable.assign(tf.tensor(variable.dataSync<'float32'>().map(change), variable.shape))
  }
  set('crf.transitions', (_, i) => Math.sin(3 * i))
  set('classifier.bias', (_, i) => [ids('B-PER'), ids('I-PER'), ids('X')].filter(id => id === i).length * 2)
  // [CLS] rob ##s ann [SEP]
  const examples = [post('robs ann', 'B-PER B-PER')]
  const [tagged] = await tag(examples, { model, program: eagerProgram(model), tokenizer, explain: true })
  const inputs = batchTensors(model.config, collate(examples, { tokenizer, padTo: 8 }))
  const { emissions } = model.apply(inputs)
  const weights = pathWeights(emissions, name => parameters[`crf.${name}`]!.dataSync<'float32'>(), 5)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const labelAt = (path: number, step: number): number =>
    Math.floor(path / labels.length ** (4 - step)) % labels.length
  const best = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), 0))

  expect(tagged!.entities.length).toBeGreaterThan(0)
  const firstSteps = [1, 3, 4]
  for (const { start, end, type, score } of tagged!.entities) {
    const [from, to] = [firstSteps[start]!, firstSteps[end]!]
    let share = 0
    for (const [path, weight] of weights.entries()) {
      let isSpan = labelAt(path, to) !== ids(`I-${type}`)
      for (let step = from; step < to; step++) isSpan &&= labelAt(path, step) === labelAt(best, step)
      if (isSpan) share += weight
    }
    expect(score).toBeGreaterThan(1e-4)
    expect(score / (share / all)).toBeCloseTo(1, 4)
  }
  expect(tagged!.entities.at(-1)!.end).toBe(2)

  // A word can have no label but these; all that is no label of a word counts as O.
  const names = wordLabels(labels)
  for (const [word, { probabilities }] of tagged!.explained!.entries()) {
    const shares = names.map(() => 0)
    for (const [path, weight] of weights.entries()) {
      const name = labels[labelAt(path, firstSteps[word]!)]!
      const place = names.indexOf(/^[BI]-/.test(name) ? name : 'O')
      shares[place] = shares[place]! + weight / all
    }
    for (const [label, share] of shares.entries()) expect(probabilities[label]).toBeCloseTo(share, 4)
  }
  model.dispose()
})

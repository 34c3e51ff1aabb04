import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Encoding, Module } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import type { ModuleLayer } from '@mafjs/tensor/layers'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterAll, describe, expect, test } from 'vitest'
import { batchQuestions } from '../batch-questions'
import { buildWithModules, buildWithoutInteraction } from '../build-models'
import {
  CHANNELS,
  COLOURS,
  drawQuestions,
  idsOf,
  type Question,
  SHAPES,
  withoutBinding,
} from '../draw-questions'
import { formatTable } from '../format-table'
import { modelFolder } from '../model-folder'
import { readOptions } from '../options'
import { saveAndLoad } from '../save-and-load'
import { accuracyOf, trainModel } from '../train-model'

await tf.setBackend('wasm')
registerGradients()
const folder = mkdtempSync(join(tmpdir(), 'maf-layers-model-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SIZES = { hidden: 8, seed: 3 }
const SETTING = { learningRate: 3e-3, epochs: 2, batchSize: 16 }

/** Answers by looking: the colour of the region that is most like the shape which the text names. */
function look({ text, regions }: Question): number {
  const asked = SHAPES.findIndex(shape => text.includes(shape))
  const rows = Array.from({ length: regions.length / CHANNELS }, (_, i) => [
    ...regions.slice(i * CHANNELS, (i + 1) * CHANNELS),
  ])
  const { rgb } = rows
    .map(row => ({ likeness: row[asked]!, rgb: row.slice(SHAPES.length) }))
    .reduce((best, row) => (row.likeness > best.likeness ? row : best))
  const distances = Object.values(COLOURS).map(colour => Math.hypot(...colour.map((v, c) => v - rgb[c]!)))
  return distances.indexOf(Math.min(...distances))
}

test('a question is answered by looking at its region, and not by the colours shown', () => {
  const questions = drawQuestions(400, 5)
  expect(questions.filter(one => look(one) === one.answer).length / 400).toBeGreaterThan(0.9)
  // Two to five figures of six colours: the most frequent is the right one in less than half.
  expect(withoutBinding(questions)).toBeGreaterThan(0.35)
  expect(withoutBinding(questions)).toBeLessThan(0.5)
  for (const question of questions.slice(0, 20)) expect(Math.min(...idsOf(question))).toBeGreaterThan(0)
})

describe('the model of modules', () => {
  test('computes what the modules compute', () => {
    const model = buildWithModules(SIZES)
    const { inputs } = batchQuestions(drawQuestions(5, 1))
    const [ids, mask, regions, regionMask] = inputs
    const moduleOf = (name: string) =>
      (model.getLayer(name) as ModuleLayer).module as unknown as Module<object, Record<string, tf.Tensor3D>>
    const text = { ...moduleOf('text').apply({ ids, mask }), mask } as unknown as Encoding
    const image = { states: regions, summary: tf.max(regions, 1) as tf.Tensor2D, mask: regionMask }
    const found = moduleOf('interact').apply({ text, image })['states']!
    const fused = moduleOf('fuse').apply({ text, states: found })['states']!
    const [kernel, bias] = model.getLayer('answer').getWeights() as [tf.Tensor2D, tf.Tensor1D]
    const expected = tf.softmax(tf.add(tf.matMul(tf.mean(fused, 1) as tf.Tensor2D, kernel), bias)).dataSync()
    const given = (model.predict(inputs) as tf.Tensor).dataSync()
    for (const [i, value] of given.entries()) expect(value).toBeCloseTo(expected[i]!, 6)
  })

  test('is trained by fit, by seed alike, and loaded from its folder with the same predictions', async () => {
    const questions = drawQuestions(96, 1)
    const [train, valid] = [batchQuestions(questions.slice(0, 64)), batchQuestions(questions.slice(64))]
    const trained = async () => {
      const model = buildWithModules(SIZES)
      const before = model.getLayer('interact').getWeights()[0]!.dataSync().slice()
      const result = await trainModel(model, train, valid, SETTING, 1)
      expect(model.getLayer('interact').getWeights()[0]!.dataSync()).not.toEqual(before)
      expect(accuracyOf(model, valid)).toBeCloseTo(result.validation, 6)
      return model
    }
    const [model, again] = [await trained(), await trained()]
    const predicted = (one: tfl.LayersModel) => (one.predict(valid.inputs) as tf.Tensor).dataSync()
    expect(predicted(again)).toEqual(predicted(model))

    const place = join(folder, 'model')
    for (let i = 0; i < 2; i++) {
      // The second time it replaces the first.
      expect(await saveAndLoad(model, valid, place)).toEqual({ numbers: 32 * 6, equal: 32 * 6 })
    }
    expect(readdirSync(place).sort()).toEqual(['model.json', 'weights.bin'])
    const loaded = await tfl.loadLayersModel(modelFolder(place))
    expect(predicted(loaded)).toEqual(predicted(model))
    expect(loaded.layers.map(layer => layer.getClassName())).toEqual(
      expect.arrayContaining(['TextEncoder', 'CrossAttention', 'GatedFusion']),
    )
  })
})

test('the baseline sees both parts of a question', () => {
  const model = buildWithoutInteraction(SIZES)
  const questions = drawQuestions(2, 1)
  const predicted = (list: Question[]) => [
    ...(model.predict(batchQuestions(list).inputs) as tf.Tensor).dataSync(),
  ]
  const [first, second] = questions as [Question, Question]
  const changed = predicted([first, { ...first, text: second.text }, { ...first, regions: second.regions }])
  expect(new Set([0, 1, 2].map(row => changed[row * 6])).size).toBe(3)
})

test('a folder that holds something else is left alone', async () => {
  const other = join(folder, 'other')
  mkdirSync(other)
  writeFileSync(join(other, 'letter.txt'), 'dear')
  const model = buildWithoutInteraction(SIZES)
  await expect(model.save(modelFolder(other))).rejects.toThrow(/folder must not exist, or hold a model/)
  expect(readdirSync(other)).toEqual(['letter.txt'])
  await expect(tfl.loadLayersModel(modelFolder(other))).rejects.toThrow(/folder must hold a saved model/)
  await expect(model.save(modelFolder(join(other, 'letter.txt', 'model')))).rejects.toThrow()
  expect(existsSync(join(other, 'model'))).toBe(false)
})

test('the table shows means and deviations', () => {
  const rows = formatTable([{ name: 'a', parameters: 12, runs: [0.5, 0.7] }], { chance: 1 / 6 }).split('\n')
  expect(rows[2]).toMatch(/^\| chance +\| +\| 16\.7 +\|$/)
  expect(rows[3]).toMatch(/^\| a +\| 12 +\| 60\.0 ±14\.1 +\|$/)
})

test('what does not go together is refused by name', () => {
  expect(() => readOptions(['--seeds', '0'])).toThrow(/--seeds must be a positive whole number/)
  expect(() => readOptions(['--questions', '600'])).toThrow(/--questions must be more than .* \(600\)/)
  expect(readOptions(['--out', 'model'])).toMatchObject({ out: 'model', seeds: 3, questions: 1600 })
})

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Encoding, Module } from '@mafjs/tensor'
import { layersModelFolder } from '@mafjs/tensor/files'
import { registerGradients } from '@mafjs/tensor/gradients'
import type { ModuleLayer } from '@mafjs/tensor/layers'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterAll, describe, expect, test } from 'vitest'
import { batchQuestions, COLOURS, drawQuestions, type Question, SHAPES } from '../draw-questions'
import { buildModel, fitModel } from '../question-model'

await tf.setBackend('wasm')
registerGradients()
const folder = mkdtempSync(join(tmpdir(), 'maf-layers-model-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a region shows: the place of its colour among all. */
function colourOf(region: readonly number[]): number {
  const distances = COLOURS.map(rgb => Math.hypot(...rgb.map((v, c) => v - region[SHAPES.length + c]!)))
  return distances.indexOf(Math.min(...distances))
}

/** Answers by looking: the colour of the region that is most like the shape which the text names. */
function look({ text, regions }: Question): number {
  const asked = SHAPES.findIndex(shape => text.includes(shape))
  return colourOf(regions.reduce((best, row) => (row[asked]! > best[asked]! ? row : best)))
}

/** How often the most frequent colour that is shown is the right answer; by lot among several. */
function withoutBinding(questions: readonly Question[]): number {
  const shares = questions.map(({ regions, answer }) => {
    const colours = regions.map(colourOf)
    const count = (colour: number) => colours.filter(one => one === colour).length
    const most = colours.filter(colour => count(colour) === Math.max(...colours.map(count)))
    return most.filter(colour => colour === answer).length / most.length
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

test('a question is answered by looking at its region, and not by the colours shown', () => {
  const questions = drawQuestions(400, 1) // those that the command measures on
  expect(questions.filter(one => look(one) === one.answer).length / 400).toBeGreaterThan(0.9)
  expect((100 * withoutBinding(questions)).toFixed(1)).toBe('43.4') // as the README has it
  const [[ids]] = batchQuestions(questions)
  for (const [row, { text }] of questions.entries())
    if (row < 20)
      expect((ids!.arraySync() as number[][])[row]!.filter(id => id > 0)).toHaveLength(text.split(' ').length)
})

describe('the model of modules', () => {
  test('computes what the modules compute', () => {
    const model = buildModel(true, 8, 3)
    const [inputs] = batchQuestions(drawQuestions(5, 1))
    const [ids, mask, regions, regionMask] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor3D, tf.Tensor2D]
    const moduleOf = (name: string) =>
      (model.getLayer(name) as ModuleLayer).module as unknown as Module<object, Record<string, tf.Tensor3D>>
    const text = { ...moduleOf('text').apply({ ids, mask }), mask } as unknown as Encoding
    const image = { states: regions, summary: tf.max(regions, 1) as tf.Tensor2D, mask: regionMask }
    const found = moduleOf('interact').apply({ text, image })['states']!
    const fused = moduleOf('fuse').apply({ text, states: found })['states']!
    const [kernel, bias] = model.layers.at(-1)!.getWeights() as [tf.Tensor2D, tf.Tensor1D]
    const expected = tf.softmax(tf.add(tf.matMul(tf.mean(fused, 1) as tf.Tensor2D, kernel), bias)).dataSync()
    const given = (model.predict(inputs) as tf.Tensor).dataSync()
    for (const [i, value] of given.entries()) expect(value).toBeCloseTo(expected[i]!, 6)
  })

  test('is trained by fit, by seed alike, and loaded from its folder with the same predictions', async () => {
    const questions = drawQuestions(96, 1)
    const [train, valid] = [questions.slice(0, 64), questions.slice(64)]
    const [inputs] = batchQuestions(valid)
    const trained = async () => {
      const model = buildModel(true, 8, 3)
      const before = model.getLayer('interact').getWeights()[0]!.dataSync().slice()
      await fitModel(model, train, valid, 2)
      expect(model.getLayer('interact').getWeights()[0]!.dataSync()).not.toEqual(before)
      return model
    }
    const [model, again] = [await trained(), await trained()]
    const predicted = (one: tfl.LayersModel) => (one.predict(inputs) as tf.Tensor).dataSync()
    expect(predicted(again)).toEqual(predicted(model))

    const place = join(folder, 'model')
    await model.save(layersModelFolder(place))
    expect(readdirSync(place).sort()).toEqual(['model.json', 'weights.bin'])
    const loaded = await tfl.loadLayersModel(layersModelFolder(place))
    expect(predicted(loaded)).toEqual(predicted(model))
    expect(loaded.layers.map(layer => layer.getClassName())).toEqual(
      expect.arrayContaining(['TextEncoder', 'CrossAttention', 'GatedFusion']),
    )
  })
})

test('the baseline sees both parts of a question', () => {
  const model = buildModel(false, 8, 3)
  const questions = drawQuestions(2, 1)
  const predicted = (list: Question[]) => [
    ...(model.predict(batchQuestions(list)[0]) as tf.Tensor).dataSync(),
  ]
  const [first, second] = questions as [Question, Question]
  const changed = predicted([first, { ...first, text: second.text }, { ...first, regions: second.regions }])
  expect(new Set([0, 1, 2].map(row => changed[row * COLOURS.length])).size).toBe(3)
})

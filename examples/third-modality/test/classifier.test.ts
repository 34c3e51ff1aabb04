import { registerOnnxBackend } from '@mafjs/compile'
import { checkConformance, indexInput, maskInput, tensorInput } from '@mafjs/tensor/testing'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { createClassifier } from '../classifier'
import { compareWays, exchangeSounds } from '../compare'
import { drawPosts } from '../draw-posts'
import { formatTable } from '../format-table'
import { readOptions } from '../options'
import { trainClassifier } from '../train-classifier'

const SETTING = {
  ...{ learningRate: 3e-3, epochs: 12, batchSize: 32, hidden: 32 },
  ...{ alignmentWeight: 0.1, matchingWeight: 0.2 },
}

test('the classifier keeps every rule of a module', async () => {
  await tf.setBackend('cpu')
  const findings = await checkConformance({
    create: createClassifier,
    config: { vocabSize: 7, bands: 5, subjects: 3, hidden: 4, seed: 2 },
    dimensions: { batch: 4, tokens: 3, frames: 6, bands: 5, subjects: 3 },
    inputs: {
      text: { ids: indexInput(['batch', 'tokens'], 7), mask: maskInput(['batch', 'tokens']) },
      sound: { frames: tensorInput(['batch', 'frames', 'bands']), mask: maskInput(['batch', 'frames']) },
      subjects: tensorInput(['batch', 'subjects']),
    },
    outputs: {
      ...{ logits: ['batch', 'subjects'], match: ['batch'] },
      ...{ 'losses.classification': [], 'losses.alignment': [], 'losses.matching': [] },
    },
    random: 'positions',
    zeroGradients: Object.fromEntries(
      ['text.encoder', 'interact'].map(part => [
        `${part}.layer.0.attention.self.key.bias`,
        'it adds the same to all scores of a query',
      ]),
    ),
    exempt: {
      dtype: 'the modules check what they are given, under their own names',
      'wrong-shape': 'the same',
    },
  })
  expect(findings).toEqual([])
})

test('text and sound together find what neither finds alone', async () => {
  registerOnnxBackend({ threads: 1 })
  await tf.setBackend('onnx')
  const posts = drawPosts(600, 1)
  const splits = { test: posts.slice(0, 120), valid: posts.slice(120, 200), train: posts.slice(200) }
  const ways = await compareWays(splits, { settings: [SETTING], seeds: [0] })
  const [text, sound, both, exchanged] = ways.map(({ runs }) => runs[0]!)
  // About 60 posts need the sound: guessing between two meanings has a deviation of 0.065.
  for (const guessing of [text!, exchanged!]) expect(guessing.groups['sound decides']).toBeLessThan(0.75)
  expect(both!.groups['sound decides']).toBeGreaterThan(0.8)
  expect(text!.groups['text decides']).toBeGreaterThan(0.9)
  expect(sound!.all).toBeLessThan(0.6)
  for (const other of [text!, sound!, exchanged!]) expect(both!.all).toBeGreaterThan(other.all + 0.1)
  const table = formatTable(ways).split('\n')
  expect(table).toHaveLength(10)
  expect(table[2]).toMatch(/^\| chance +\| 12\.5 /)
})

test('exchanged sounds are those of other posts, each once', () => {
  const posts = drawPosts(9, 1)
  const others = exchangeSounds(posts, 3)
  expect(new Set(others.map(({ sound }) => sound))).toEqual(new Set(posts.map(({ sound }) => sound)))
  for (const [i, post] of posts.entries()) {
    expect(others[i]!.sound).not.toBe(post.sound)
    expect({ ...others[i], sound: 0 }).toEqual({ ...post, sound: 0 })
  }
})

test('what does not go together is refused by name', async () => {
  const posts = drawPosts(20, 1)
  await expect(trainClassifier(posts, posts, SETTING, 0)).rejects.toThrow(/train must have at least 32 posts/)
  expect(() => readOptions(['--seeds', '0'])).toThrow(/--seeds must be a positive whole number/)
  expect(() => readOptions(['--posts', '1000'])).toThrow(/--posts must be more than .* \(1000\)/)
  expect(readOptions(['--epochs', '3'])).toEqual({ posts: 2600, valid: 400, test: 600, epochs: 3, seeds: 5 })
})

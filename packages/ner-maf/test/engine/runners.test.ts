import { type HostArray, probeInt8 } from '@mafjs/compile'
import { useBackend, useEngine } from '@mafjs/compile/engine'
import { collate, type Post } from '@mafjs/data'
import * as tf from '@tensorflow/tfjs-core'
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest'
import { type BatchArrays, batchArrays } from '../../src/model/batch-arrays'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import { loadPictures, POSTS, tinyMaf, tinyReference, tinyText, tokenizer } from '../model/tiny'
import { compiledProgram, eagerProgram } from './programs'

type Outputs = Record<string, HostArray>

let sessions: MockInstance
beforeEach(async () => {
  await useBackend('cpu')
  // It makes sessions of its own before the first other.
  await probeInt8()
  sessions = vi.spyOn(InferenceSession, 'create')
})
afterEach(() => sessions.mockRestore())

const batchOf = async (config: MafConfig, posts: readonly Post[], pictures = true): Promise<BatchArrays> =>
  batchArrays(
    config,
    collate(posts, { tokenizer, padTo: config.padTo }),
    pictures ? await loadPictures(posts) : undefined,
  )

/** Batches of one to nine posts and of all lengths, most of them with pictures. */
const batchesOf = (config: MafConfig): Promise<BatchArrays[]> =>
  Promise.all([
    batchOf(config, POSTS),
    batchOf(config, POSTS.slice(1, 2)),
    batchOf(config, POSTS.slice(1), false),
    batchOf(config, [...POSTS, ...POSTS, POSTS[2]!]),
    batchOf(config, POSTS.slice(2, 3)),
  ])

/** The largest difference of two answers, as a share of their largest number where that is above 1. */
function difference(a: Outputs, b: Outputs): number {
  const shapes = (outputs: Outputs) => Object.entries(outputs).map(([name, { shape }]) => [name, shape])
  expect(shapes(a)).toEqual(shapes(b))
  const numbers = (outputs: Outputs): number[] =>
    Object.values(outputs).flatMap(({ data }) => [...(data as Float32Array)])
  const others = numbers(b)
  const largest = Math.max(1, ...others.map(Math.abs))
  return Math.max(...numbers(a).map((value, i) => Math.abs(value - others[i]!))) / largest
}

const sharpen = (model: Maf, by: number): void => {
  const variable = model.parameters()['classifier.weight']!
  variable.assign(tf.tidy(() => tf.mul(variable, by)))
}

describe('compiled', () => {
  test.each([
    ['the default model', tinyMaf(), 2],
    ['text only', tinyText(), 1],
    ['without matching', tinyMaf({ without: ['matching'] }), 2],
    ['the published model, of a fixed length', tinyReference(), 2],
  ])('%s: as eager, one session for all sizes and lengths', async (_, config, count) => {
    const model = buildMaf(config)
    sharpen(model, 40)
    const compiled = compiledProgram(model)
    const eager = eagerProgram(model)
    const before = tf.memory().numTensors
    for (const batch of await batchesOf(config)) {
      const expected = await eager.run(batch)
      expect(difference(await compiled.run(batch), expected)).toBeLessThan(1e-5)
      expect(Math.max(...(expected['emissions']!.data as Float32Array))).toBeGreaterThan(0.1)
    }
    // A batch without pictures has a program of its own.
    expect(sessions).toHaveBeenCalledTimes(count)
    expect(tf.memory().numTensors).toBe(before)
    await compiled.dispose()
    model.dispose()
  })

  test.each(['constant', 'input'] as const)('weights as %s: a changed variable counts', async weights => {
    const config = tinyMaf()
    const model = buildMaf(config)
    const compiled = compiledProgram(model, { weights })
    const eager = eagerProgram(model)
    const batch = await batchOf(config, POSTS)
    const first = await compiled.run(batch)
    sharpen(model, 40)
    const second = await compiled.run(batch)
    expect(difference(first, second)).toBeGreaterThan(0.1)
    expect(difference(second, await eager.run(batch))).toBeLessThan(1e-5)
    expect(sessions).toHaveBeenCalledTimes(weights === 'input' ? 1 : 2)
    await compiled.dispose()
    model.dispose()
  })

  test('calls at the same time, before any session is there and while a weight changes', async () => {
    const config = tinyMaf()
    const model = buildMaf(config)
    const compiled = compiledProgram(model)
    const eager = eagerProgram(model)
    const batches = await batchesOf(config)
    for (const round of [1, 2]) {
      const together = await Promise.all(batches.map(batch => compiled.run(batch)))
      for (const [i, batch] of batches.entries()) {
        expect(difference(together[i]!, await eager.run(batch))).toBeLessThan(1e-5)
      }
      expect(sessions).toHaveBeenCalledTimes(2 * round)
      sharpen(model, 40)
    }
    const last = compiled.run(batches[0]!)
    await compiled.dispose()
    expect((await last)['emissions']!.shape[0]).toBe(POSTS.length)
    model.dispose()
  })

  test('labels in a batch are not read', async () => {
    const model = buildMaf(tinyText())
    const compiled = compiledProgram(model)
    const batch = await batchOf(tinyText(), POSTS)
    const labels = { data: Int32Array.of(-7), shape: [1, 1] }
    expect(difference(await compiled.run({ ...batch, labels }), await compiled.run(batch))).toBe(0)
    expect(sessions).toHaveBeenCalledTimes(1)
    await compiled.dispose()
    model.dispose()
  })
})

test('an eager model computes on its own backend, whichever is active since', async () => {
  const config = tinyMaf()
  const model = buildMaf(config)
  const program = eagerProgram(model)
  const batch = await batchOf(config, POSTS)
  const expected = await program.run(batch)
  await useEngine({ engine: 'onnx', threads: 1 })
  expect(difference(await program.run(batch), expected)).toBe(0)
  expect(tf.getBackend()).toBe('onnx')
  expect(sessions).not.toHaveBeenCalled()
  model.dispose()
})

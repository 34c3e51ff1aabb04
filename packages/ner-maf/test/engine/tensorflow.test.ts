import { describeEngine, findTfjsNode, restoreUtil, useBackend, useEngine } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { trainRun } from '../../src/train/train-run'
import { writeTask } from '../train/run-files'

const installed = findTfjsNode()
if (installed === undefined) {
  console.warn(
    'SKIPPED: no tfjs-node is installed; docs/backends.md says how to get it, and how tests run on it.',
  )
}

describe.skipIf(installed === undefined)('the backend tensorflow', () => {
  test('is started by name and by auto, with threads', async () => {
    const engine = await useEngine({ backend: 'tensorflow', threads: 1 })
    expect(describeEngine(engine)).toMatch(/^Engine: tfjs, backend tensorflow on the (CPU|GPU), 1 thread$/)
    expect(tf.getBackend()).toBe('tensorflow')
    expect(await useBackend()).toBe('tensorflow')
    await expect(useEngine({ engine: 'tfjs', threads: 2 })).rejects.toThrow(
      'threads must be what TensorFlow runs with in this process already (1). Received: 2.',
    )
  })

  test('trains as cpu does', async () => {
    const { data, images, textEncoder, out } = await writeTask({ train: 24, valid: 8, test: 8 })
    const train = async (backend: 'cpu' | 'tensorflow'): Promise<number[]> => {
      const losses: number[] = []
      await trainRun({
        ...{ data, images, textEncoder, randomTextEncoder: true, maxLength: 64, out: `${out}-${backend}` },
        ...{ backend, epochs: 2, batchSize: 8, learningRate: 1e-3 },
        onEvent: event => event.type === 'step' && losses.push(event.losses.total),
      })
      return losses
    }
    const [cpu, tensorflow] = [await train('cpu'), await train('tensorflow')]
    expect(cpu).toHaveLength(6)
    for (const [step, loss] of tensorflow.entries()) expect(loss / cpu[step]!).toBeCloseTo(1, 4)
  })
})

test.skipIf(installed !== undefined)('asked for and absent, it says what to install', async () => {
  const error: Error = await useBackend('tensorflow').catch(error => error)
  expect(error.name).toBe('InvalidArgumentError')
  expect(error.message).toMatch(/^backend may be tensorflow only where @tensorflow\/tfjs-node-gpu or /)
  expect(error.message).toContain('npm install @tensorflow/tfjs-node.')
  expect(error.message).toContain(
    'npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0, then node tools/build',
  )
})

test('what Node 23 removed from util is given back, and no more', () => {
  const util: Parameters<typeof restoreUtil>[0] = { isArray: () => true }
  restoreUtil(util)
  expect(util.isArray!('what was there stays')).toBe(true)
  expect([null, undefined, 0, '', false].map(util.isNullOrUndefined!)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

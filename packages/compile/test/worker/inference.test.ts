import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compile, compileGradients, openOnnx } from '../../src/index'
import { QUIET, rejection } from '../compile/compare'
import { longProgram } from './long-program'
import { longestPause } from './longest-pause'
import { watchThreads } from './watch-threads'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const traffic = watchThreads()

afterEach(() => tf.disposeVariables())

const WORKER = { ...QUIET, worker: true }

describe('a program in a thread of its own', () => {
  it('gives the very results of this thread, with later values of its variables', async () => {
    const w = tf.variable(tf.reshape(tf.linspace(-1, 1, 12), [3, 4]))
    const predict = ({ x, on }: { x: tf.Tensor2D; on: tf.Tensor2D }) => ({
      y: tf.relu(tf.matMul(x, w as unknown as tf.Tensor2D)),
      chosen: tf.logicalAnd(on, tf.greater(x, 0)),
      places: tf.argMax(x, 1),
    })
    const inputs = (rows: number) => ({
      x: tf.reshape(tf.linspace(-1, 2, rows * 3), [rows, 3]) as tf.Tensor2D,
      on: tf.tensor2d(new Uint8Array(rows * 3).fill(1), [rows, 3], 'bool'),
    })
    const options = { dynamic: { axes: { x: ['rows', null], on: ['rows', null] } } }
    const results = async (given: typeof WORKER | typeof QUIET, weights: 'constant' | 'input') => {
      const compiled = compile(predict, { ...given, ...options, weights })
      const seen = [await compiled.run(inputs(2)), await compiled.run(inputs(5))]
      w.assign(tf.fill([3, 4], 0.5))
      seen.push(await compiled.run(inputs(5)))
      w.assign(tf.reshape(tf.linspace(-1, 1, 12), [3, 4]))
      await compiled.dispose()
      return seen
    }
    for (const weights of ['constant', 'input'] as const) {
      const here = await results(QUIET, weights)
      expect(traffic.threads.size).toBe(0)
      expect(await results(WORKER, weights)).toEqual(here)
      expect(traffic.threads.size).toBeGreaterThan(0)
      traffic.threads.clear()
    }
  })

  it('is sent variables that are inputs when they change, not with every run', async () => {
    const w = tf.variable(tf.ones([100, 100]))
    const bytes = 100 * 100 * 4
    const compiled = compile(({ x }: { x: tf.Tensor }) => tf.dot(w, x), { ...WORKER, weights: 'input' })
    const x = new Float32Array(100).fill(1) as unknown as tf.Tensor
    await compiled.run({ x })
    for (let run = 0; run < 5; run++) await compiled.run({ x })
    expect(traffic.sent).toBeGreaterThan(bytes)
    expect(traffic.sent).toBeLessThan(1.5 * bytes)
    w.assign(tf.fill([100, 100], 2))
    expect((await compiled.run({ x }))['output']!.data[0]).toBe(200)
    expect(traffic.sent).toBeLessThan(2.5 * bytes)
    await compiled.dispose()
  })

  it('differentiates there too', async () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]))
    const loss = ({ x }: { x: tf.Tensor }) => tf.sum(tf.square(tf.mul(w, x))) as tf.Scalar
    const compiled = compileGradients(loss, { w }, WORKER)
    const { losses, gradients } = await compiled({ x: Float32Array.of(1, 2, 3) as unknown as tf.Tensor })
    expect(losses['total']).toBe(1 + 16 + 81)
    expect(Array.from(await gradients['w']!.data())).toEqual([2, 16, 54])
    await compiled.dispose()
  })

  it('leaves this thread free while it runs', async () => {
    const { x, mean } = longProgram()
    const compiled = compile(mean, { ...WORKER, weights: 'input' })
    await compiled.run({ x })
    const { took, longest } = await longestPause(() => compiled.run({ x }))
    expect(took).toBeGreaterThan(50)
    expect(longest, `the longest pause in ${took.toFixed(0)} ms`).toBeLessThan(took / 2)
    await compiled.dispose()
  })

  it('says what ONNX Runtime refuses, and leaves no caller waiting when the thread dies', async () => {
    expect((await rejection(openOnnx('missing.onnx', WORKER))).message).toMatch(/missing\.onnx/)
    const table = tf.variable(tf.ones([3, 2]))
    const compiled = compile(({ ids }: { ids: tf.Tensor1D }) => tf.gather(table, ids), WORKER)
    const error = await rejection(compiled.run({ ids: Int32Array.of(1, 7) as unknown as tf.Tensor1D }))
    expect(error.message).toMatch(/^The compiled program failed while it ran at Gather, made for GatherV2: /)
    const { x, mean } = longProgram()
    const long = compile(mean, WORKER)
    await long.run({ x })
    const waiting = Promise.allSettled([long.run({ x })])
    await Promise.all([...traffic.threads].map(thread => thread.terminate()))
    await waiting
    expect((await rejection(long.run({ x }))).message).toMatch(
      /The thread that runs a model has ended \(code 1\)/,
    )
    await long.dispose()
  })
})

import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compileTraining } from '../../src/index'
import { QUIET, rejection } from '../compile/compare'
import { batchOf, createTagger, lossOf } from '../gradients/tagger'
import { longProgram } from './long-program'
import { longestPause } from './longest-pause'
import { watchThreads } from './watch-threads'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})

const traffic = watchThreads()

afterEach(() => tf.disposeVariables())

const OPTIMIZER = {
  kind: 'bert-adam',
  learningRate: 0.01,
  clipping: { kind: 'per-tensor', limit: 1 },
} as const

describe('a training in a thread of its own', () => {
  it('gives the very numbers of this thread', async () => {
    const train = async (worker: boolean): Promise<unknown[]> => {
      const parameters = createTagger(2)
      const training = await compileTraining(lossOf(parameters), parameters, {
        ...QUIET,
        optimizer: OPTIMIZER,
        worker,
      })
      const seen: unknown[] = []
      for (let step = 0; step < 4; step++)
        seen.push(await training.step(batchOf(2, 3 + (step % 2)), { seed: 9, step }))
      seen.push(await training.losses(batchOf(2, 3), { seed: 9, step: 4 }))
      await training.dispose()
      for (const variable of Object.values(parameters)) seen.push(Array.from(await variable.data()))
      tf.dispose(Object.values(parameters))
      return seen
    }
    const here = await train(false)
    expect(traffic.threads.size).toBe(0)
    expect(await train(true)).toEqual(here)
    expect(traffic.threads.size).toBe(1)
  })

  it('sends parameters at the start and when it synchronises, never with a step', async () => {
    const w = tf.variable(tf.randomNormal([200, 100]))
    const bytes = 200 * 100 * 4
    // The batch is a small piece of a large array, which must stay here.
    const rows = new Float32Array(1_000_000).subarray(100, 200).fill(1)
    const loss = ({ x }: { x: tf.Tensor }): tf.Scalar => tf.mean(tf.square(tf.dot(w, x))) as tf.Scalar
    const training = await compileTraining(loss, { w }, { ...QUIET, optimizer: OPTIMIZER, worker: true })
    expect(traffic.sent).toBe(bytes)
    expect(traffic.received).toBe(0)
    const before = Array.from(await w.data())
    for (let step = 0; step < 5; step++)
      await training.step({ x: rows as unknown as tf.Tensor }, { seed: 0, step })
    expect(traffic.asked).toEqual(['start', 'load', ...Array(5).fill('step')])
    expect(traffic.sent - bytes).toBeLessThan(20_000)
    expect(traffic.received).toBeLessThan(1_000)
    expect(Array.from(await w.data())).toEqual(before)
    await training.synchronize()
    expect(traffic.received).toBeGreaterThanOrEqual(bytes)
    expect(traffic.received).toBeLessThan(bytes + 1_000)
    expect(Array.from(await w.data())).not.toEqual(before)
    await training.dispose()
  })

  it('leaves this thread free while a step runs', async () => {
    const { x, w, mean: loss } = longProgram()
    const training = await compileTraining(loss, { w }, { ...QUIET, optimizer: OPTIMIZER, worker: true })
    const step = (): Promise<unknown> => training.step({ x }, { seed: 0, step: 0 })
    await step()
    const { took, longest } = await longestPause(step)
    expect(took).toBeGreaterThan(200)
    // A step in this thread would keep it busy for all of its time.
    expect(longest, `the longest pause in ${took.toFixed(0)} ms`).toBeLessThan(took / 2)
    await training.dispose()
  })

  it('says where a step failed, and goes on with the next one', async () => {
    const table = tf.variable(tf.ones([3, 2]))
    const loss = ({ ids }: { ids: tf.Tensor1D }): tf.Scalar => tf.sum(tf.gather(table, ids)) as tf.Scalar
    const training = await compileTraining(loss, { table }, { ...QUIET, optimizer: OPTIMIZER, worker: true })
    const step = (...ids: number[]): Promise<{ losses: Record<string, number> }> =>
      training.step({ ids: tf.tensor1d(ids, 'int32') }, { seed: 0, step: 0 })
    const error = await rejection(step(1, 7))
    expect(error.name).toBe('CompileError')
    expect(error.message).toMatch(
      /^The compiled training step failed while it ran at Gather, made for GatherV2: .*idx=7 .* Called from:\n {4}at .*worker\.test\.ts:/,
    )
    expect((await step(1, 2)).losses['total']).toBe(4)
    await training.dispose()
  })

  it('leaves no caller waiting when its thread dies', async () => {
    const { x, w, mean: loss } = longProgram()
    const training = await compileTraining(loss, { w }, { ...QUIET, optimizer: OPTIMIZER, worker: true })
    await training.step({ x }, { seed: 0, step: 0 })
    const waiting = Promise.allSettled([training.step({ x }, { seed: 0, step: 1 }), training.synchronize()])
    await [...traffic.threads][0]!.terminate()
    // What the thread has answered before it died counts.
    for (const outcome of await waiting)
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/trains has ended \(code 1\)/)
    expect((await rejection(training.step({ x }, { seed: 0, step: 2 }))).message).toMatch(
      /The thread that trains has ended/,
    )
    expect((await rejection(training.synchronize())).message).toMatch(/The thread that trains has ended/)
  })
})

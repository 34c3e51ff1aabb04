import { Worker } from 'node:worker_threads'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compileTraining } from '../../src/index'
import { QUIET, rejection } from '../compile/compare'
import { batchOf, createTagger, lossOf } from '../gradients/tagger'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})

/** Every thread that was started, and what was sent to it and came back. */
let threads: Set<Worker>
let asked: string[]
let sent: number
let received: number

/** Bytes that travel with a message: of a view, all that it is a view of. */
function bytesOf(message: unknown): number {
  if (ArrayBuffer.isView(message)) return message.buffer.byteLength
  if (typeof message !== 'object' || message === null) return 0
  return Object.values(message).reduce((sum: number, value) => sum + bytesOf(value), 0)
}

beforeEach(() => {
  threads = new Set()
  asked = []
  sent = 0
  received = 0
  const { postMessage, on } = Worker.prototype
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
    this: Worker,
    message: { method: string },
  ) {
    threads.add(this)
    asked.push(message.method)
    sent += bytesOf(message)
    postMessage.call(this, message)
  })
  vi.spyOn(Worker.prototype, 'on').mockImplementation(function (this: Worker, event, listener) {
    const heard = (given: unknown): void => {
      if (event === 'message') received += bytesOf(given)
      listener(given)
    }
    return on.call(this, event as 'message', heard)
  })
})
afterEach(async () => {
  for (const thread of threads) await thread.terminate()
  vi.restoreAllMocks()
  tf.disposeVariables()
})

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
    expect(threads.size).toBe(0)
    expect(await train(true)).toEqual(here)
    expect(threads.size).toBe(1)
  })

  it('sends parameters at the start and when it synchronises, never with a step', async () => {
    const w = tf.variable(tf.randomNormal([200, 100]))
    const bytes = 200 * 100 * 4
    // The batch is a small piece of a large array, which must stay here.
    const rows = new Float32Array(1_000_000).subarray(100, 200).fill(1)
    const loss = ({ x }: { x: tf.Tensor }): tf.Scalar => tf.mean(tf.square(tf.dot(w, x))) as tf.Scalar
    const training = await compileTraining(loss, { w }, { ...QUIET, optimizer: OPTIMIZER, worker: true })
    expect(sent).toBe(bytes)
    expect(received).toBe(0)
    const before = Array.from(await w.data())
    for (let step = 0; step < 5; step++)
      await training.step({ x: rows as unknown as tf.Tensor }, { seed: 0, step })
    expect(asked).toEqual(['start', 'load', ...Array(5).fill('step')])
    expect(sent - bytes).toBeLessThan(20_000)
    expect(received).toBeLessThan(1_000)
    expect(Array.from(await w.data())).toEqual(before)
    await training.synchronize()
    expect(received).toBeGreaterThanOrEqual(bytes)
    expect(received).toBeLessThan(bytes + 1_000)
    expect(Array.from(await w.data())).not.toEqual(before)
    await training.dispose()
  })

  it('leaves this thread free while a step runs', async () => {
    const size = 1024
    const w = tf.variable(tf.mul(tf.ones([size, size]), 1 / size))
    const loss = ({ x }: { x: tf.Tensor }): tf.Scalar => {
      let y = x
      for (let i = 0; i < 16; i++) y = tf.matMul(y as tf.Tensor2D, w as unknown as tf.Tensor2D)
      return tf.mean(y) as tf.Scalar
    }
    const training = await compileTraining(loss, { w }, { ...QUIET, optimizer: OPTIMIZER, worker: true })
    const x = new Float32Array(size * size).fill(1)
    const step = (): Promise<unknown> =>
      training.step({ x: { data: x, shape: [size, size] } as unknown as tf.Tensor }, { seed: 0, step: 0 })
    await step()
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
    }, 2)
    const started = performance.now()
    last = started
    await step()
    const took = performance.now() - started
    longest = Math.max(longest, performance.now() - last)
    clearInterval(timer)
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
    const w = tf.variable(tf.tensor1d([1, 2]))
    const training = await compileTraining(
      () => tf.sum(w) as tf.Scalar,
      { w },
      { ...QUIET, optimizer: OPTIMIZER, worker: true },
    )
    await training.step({}, { seed: 0, step: 0 })
    const waiting = [training.step({}, { seed: 0, step: 1 }), training.synchronize()].map(rejection)
    await [...threads][0]!.terminate()
    for (const error of await Promise.all(waiting))
      expect(error.message).toMatch(/The thread that trains has ended \(code 1\)/)
    expect((await rejection(training.step({}, { seed: 0, step: 2 }))).message).toMatch(
      /The thread that trains has ended/,
    )
    expect((await rejection(training.synchronize())).message).toMatch(/The thread that trains has ended/)
    expect(await w.data()).toEqual(Float32Array.of(1, 2))
  })
})

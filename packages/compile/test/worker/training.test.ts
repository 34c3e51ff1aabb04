import { type ApplyOptions, valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CompiledTraining, compile, compileTraining, type TrainingState } from '../../src/index'
import { QUIET, rejection } from '../compile/compare'
import { batchOf, createTagger, lossOf } from '../gradients/tagger'
import { plainAdam } from './plain-adam'

beforeAll(async () => {
  await tf.setBackend('cpu')
  registerGradients()
})
afterEach(() => tf.disposeVariables())

const ADAM = { learningRate: 0.02, weightDecay: 0.1, epsilon: 1e-3, limit: 0.8 }
const OPTIMIZER = {
  kind: 'adamw',
  learningRate: ADAM.learningRate,
  weightDecay: ADAM.weightDecay,
  epsilon: ADAM.epsilon,
  clipping: { kind: 'global-norm', limit: ADAM.limit },
} as const
const OPTIONS = { ...QUIET, optimizer: OPTIMIZER }

const valuesOf = async (parameters: Record<string, tf.Variable>): Promise<Record<string, Float64Array>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(parameters).map(
        async ([name, variable]) => [name, Float64Array.from(await variable.data())] as const,
      ),
    ),
  )

describe('a compiled training', () => {
  it('is plain Adam over the gradients of tfjs, for ten steps of two shapes', async () => {
    const parameters = createTagger()
    const first = await valuesOf(parameters)
    const expected = await valuesOf(parameters)
    const adam = plainAdam(expected, ADAM)
    const training = await compileTraining(lossOf(parameters), parameters, OPTIONS)
    const batches = [batchOf(2, 4), batchOf(3, 3)]
    const norms: number[] = []
    for (let step = 0; step < 10; step++) {
      const batch = batches[step % 2]!
      const run = { seed: 4, step }
      const report = await training.step(batch, run)
      for (const [name, variable] of Object.entries(parameters)) {
        variable.assign(tf.tensor(Float32Array.from(expected[name]!), variable.shape))
      }
      const { value, gradients } = valueAndGradients(
        () => lossOf(parameters)(batch, { training: true, ...run }).total,
        parameters,
      )
      const data = Object.fromEntries(
        await Promise.all(
          Object.entries(gradients).map(async ([name, g]) => [name, await g.data()] as const),
        ),
      )
      const norm = adam.update(data)
      norms.push(norm)
      const [total] = await value.data()
      expect(Math.abs(report.losses['total']! / total! - 1), `loss of step ${step}`).toBeLessThan(1e-5)
      expect(Math.abs(report.gradientNorm / norm - 1), `norm of step ${step}`).toBeLessThan(1e-4)
      expect(report).toMatchObject({ applied: true, learningRate: ADAM.learningRate })
      expect(report.reached.sort()).toEqual(Object.keys(gradients).sort())
    }
    // Some steps are clipped, and not all alike.
    expect(Math.max(...norms)).toBeGreaterThan(ADAM.limit)
    await training.synchronize()
    for (const [name, values] of Object.entries(await valuesOf(parameters))) {
      for (const [i, value] of values.entries()) {
        expect(Math.abs(value - expected[name]![i]!), `${name}[${i}]`).toBeLessThan(2e-5)
      }
      const isTrained = !/^unused|^position/.test(name)
      expect(
        values.some((value, i) => value !== first[name]![i]),
        name,
      ).toBe(isTrained)
    }
    await training.dispose()
  })

  it('leaves everything as it was where the loss or a gradient is not finite', async () => {
    const start = Float32Array.of(1, 4, 9)
    const run = async (bad: readonly Float32Array[]): Promise<{ values: string; reports: boolean[] }> => {
      const w = tf.variable(tf.tensor1d(start))
      const b = tf.variable(tf.tensor1d([2]))
      // The fourth number is added to the loss alone: no gradient knows of it.
      const loss = ({ x }: { x: tf.Tensor }): tf.Scalar => {
        const factors = tf.slice(x, 0, 3)
        const sum = tf.sum(tf.add(tf.mul(tf.sqrt(tf.mul(w, factors)), 2), b))
        return tf.add(sum, tf.sum(tf.slice(x, 3, 1))) as tf.Scalar
      }
      const training = await compileTraining(loss, { w, b }, OPTIONS)
      const reports: boolean[] = []
      for (const x of [Float32Array.of(1, 1, 1, 0), ...bad, Float32Array.of(2, 1, 3, 0)]) {
        const { applied, reached } = await training.step(
          { x: x as unknown as tf.Tensor },
          { seed: 0, step: 0 },
        )
        expect(reached).toEqual(applied ? ['w', 'b'] : [])
        reports.push(applied)
      }
      await training.dispose()
      const values = `${await w.data()} ${await b.data()}`
      tf.dispose([w, b])
      return { values, reports }
    }
    const good = await run([])
    // The root of a negative number is no number; that of zero has an infinite slope.
    const bad = await run([
      Float32Array.of(1, -1, 1, 0),
      Float32Array.of(0, 1, 1, 0),
      Float32Array.of(1, 1, 1, Number.POSITIVE_INFINITY),
    ])
    expect(bad.reports).toEqual([true, false, false, false, true])
    expect(bad.values).toBe(good.values)
    expect(good.values).not.toContain('NaN')
  })

  it('takes steps one after another, though they are asked for at once', async () => {
    const run = async (atOnce: boolean): Promise<string> => {
      const parameters = createTagger(3)
      const training = await compileTraining(lossOf(parameters), parameters, OPTIONS)
      const batches = [batchOf(1, 3), batchOf(1, 4), batchOf(1, 3)]
      // Programs of both shapes are ready first: how long making them takes must not decide the order.
      for (const batch of batches) await training.losses(batch, { seed: 1, step: 0 })
      const ask = (i: number): Promise<unknown> => training.step(batches[i]!, { seed: 1, step: i })
      if (atOnce) await Promise.all([ask(0), ask(1), ask(2)])
      else for (const i of [0, 1, 2]) await ask(i)
      await training.dispose()
      const values = await valuesOf(parameters)
      tf.disposeVariables()
      return JSON.stringify(Object.values(values).map(value => Array.from(value)))
    }
    expect(await run(true)).toBe(await run(false))
  })

  it('trains variables where they lie, says so to who reads them, and leaves them values of their own', async () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]))
    const doubled = compile(() => tf.mul(w, 2), { ...QUIET, weights: 'input' })
    const { numBytes } = tf.memory()
    const training = await compileTraining(
      ({ x }: { x: tf.Tensor }) => tf.sum(tf.mul(w, x)) as tf.Scalar,
      { w },
      OPTIONS,
    )
    const x = tf.tensor1d([1, 2, 3])
    await training.step({ x }, { seed: 0, step: 0 })
    const data = (await w.data<'float32'>()) as Float32Array
    const first = data.slice()
    expect(first).not.toEqual(Float32Array.of(1, 2, 3))
    expect((await doubled.run({}))['output']!.data).toEqual(first.map(value => 2 * value))
    await training.step({ x }, { seed: 0, step: 1 })
    expect(data).not.toEqual(first)
    await training.synchronize()
    expect((await doubled.run({}))['output']!.data).toEqual(data.map(value => 2 * value))
    // No other memory than that of the training: megabytes, of which a view is 12 bytes.
    expect([(await w.data<'float32'>()).buffer, tf.memory().numBytes]).toEqual([data.buffer, numBytes + 12])
    await training.dispose()
    const own = (await w.data<'float32'>()) as Float32Array
    expect([own, own.byteLength]).toEqual([data, own.buffer.byteLength])
    await doubled.dispose()
    await training.dispose()
    for (const late of [training.synchronize(), training.step({ x }, { seed: 0, step: 2 })]) {
      expect((await rejection(late)).message).toMatch(/^training must not be used after dispose\(\)/)
    }
    expect(await w.data()).toBe(own)
  })

  it('adds up gradients: three parts of a batch, each by its share, are the batch', async () => {
    const values = { x: [1, -2, 3, 0.5, 4, -1], y: [2, 1, -1, 3, 0, 1] }
    const batch = (from: number, to: number) => ({
      x: tf.tensor1d(values.x.slice(from, to)),
      y: tf.tensor1d(values.y.slice(from, to)),
    })
    const train = async (
      steps: (training: CompiledTraining<ReturnType<typeof batch>>) => Promise<unknown>,
    ) => {
      const w = tf.variable(tf.tensor1d([0.3]))
      const b = tf.variable(tf.tensor1d([-0.2]))
      const loss = ({ x, y }: ReturnType<typeof batch>): tf.Scalar =>
        tf.mean(tf.square(tf.sub(tf.add(tf.mul(w, x), b), y)))
      const training = await compileTraining(loss, { w, b }, OPTIONS)
      await steps(training)
      await training.dispose()
      return [...(await w.data()), ...(await b.data())]
    }
    const run = (step: number) => ({ seed: 0, step })
    const whole = await train(async training => {
      for (const step of [0, 1]) await training.step(batch(0, 6), run(step))
    })
    const parts = await train(async training => {
      for (const step of [0, 1]) {
        await training.accumulate(batch(0, 1), run(step), { weight: 1 / 6 })
        await training.accumulate(batch(1, 3), run(step), { weight: 2 / 6 })
        const { applied } = await training.step(batch(3, 6), run(step), { weight: 3 / 6 })
        expect(applied).toBe(true)
      }
    })
    expect(parts).toEqual(whole.map(value => expect.closeTo(value, 6)))
    // A part that is not finite spoils its own step and no other.
    const spoilt = await train(async training => {
      const bad = { x: tf.tensor1d([1]), y: tf.tensor1d([Number.POSITIVE_INFINITY]) }
      await training.accumulate(bad, run(0), { weight: 1 / 2 })
      expect((await training.step(batch(0, 6), run(0), { weight: 1 / 2 })).applied).toBe(false)
      for (const step of [0, 1]) await training.step(batch(0, 6), run(step))
    })
    expect(spoilt).toEqual(whole)
  })

  it.each([false, true])('goes on from a state as if nothing had been between, worker %s', async worker => {
    const weights = Object.values(createTagger(3))
    const start = await Promise.all(weights.map(variable => variable.data()))
    tf.disposeVariables()
    const begin = async (state?: TrainingState) => {
      const parameters = createTagger(3)
      for (const [i, variable] of Object.values(parameters).entries()) {
        variable.assign(tf.tensor(Float32Array.from(start[i]!), variable.shape))
      }
      const training = await compileTraining(lossOf(parameters), parameters, { ...OPTIONS, worker })
      if (state) await training.restore(state)
      return { parameters, training }
    }
    const batch = batchOf(2, 3)
    const whole = await begin()
    for (const step of [0, 1]) await whole.training.step(batch, { seed: 1, step })
    const state = structuredClone(await whole.training.state())
    for (const step of [2, 3]) await whole.training.step(batch, { seed: 1, step })
    const resumed = await begin(state)
    for (const [name, variable] of Object.entries(resumed.parameters)) {
      if (state.parameters[name]) expect(await variable.data()).toEqual(state.parameters[name].values)
    }
    for (const step of [2, 3]) await resumed.training.step(batch, { seed: 1, step })
    expect(await resumed.training.state()).toEqual(await whole.training.state())
    expect((await resumed.training.state()).step).toBe(4)
    const [name] = Object.keys(state.parameters) as [string]
    const { [name]: _, ...fewer } = state.parameters
    expect((await rejection(resumed.training.restore({ ...state, parameters: fewer }))).message).toContain(
      name,
    )
    for (const { training } of [whole, resumed]) await training.dispose()
  })

  it('measures a batch without a step', async () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const loss = (_: object, { step = 0 }: ApplyOptions) => ({
      total: tf.sum(tf.square(w)) as tf.Scalar,
      last: tf.max(w) as tf.Scalar,
      zero: tf.scalar(step * 0),
    })
    const training = await compileTraining(loss, { w }, OPTIONS)
    expect(await training.losses({}, { seed: 0, step: 9 })).toEqual({ total: 5, last: 2, zero: 0 })
    await training.dispose()
    expect(await w.data()).toEqual(Float32Array.of(1, 2))
  })

  it('tells parameters from inputs and from variables outside that have their names', async () => {
    const outside = tf.variable(tf.tensor1d([10, 20]), true, 'w')
    const w = tf.variable(tf.tensor1d([1, 2]), true, 'another')
    const v = tf.variable(tf.tensor1d([3, 4]), true, 'v')
    const loss = ({ v: x }: { v: tf.Tensor }): tf.Scalar =>
      tf.sum(tf.mul(tf.mul(outside, x), tf.add(w, v))) as tf.Scalar
    const plainStep = { kind: 'adamw', learningRate: 1, weightDecay: 0, epsilon: 1e-8 } as const
    const training = await compileTraining(loss, { w, v }, { ...QUIET, optimizer: plainStep })
    const inputs = { v: tf.tensor1d([1, -1]) }
    const { losses, reached } = await training.step(inputs, { seed: 0, step: 0 })
    expect([losses['total'], reached]).toEqual([10 * 4 - 20 * 6, ['w', 'v']])
    // The first step of Adam is the learning rate against the sign of the gradient.
    expect(await training.losses(inputs, { seed: 0, step: 0 })).toEqual({ total: 10 * 2 - 20 * 8 })
    await training.dispose()
    expect([await outside.data(), await w.data(), await v.data()]).toEqual([
      Float32Array.of(10, 20),
      Float32Array.of(0, 3),
      Float32Array.of(2, 5),
    ])
  })

  it('is read by a compiled function at once when it synchronises', async () => {
    const w = tf.variable(tf.tensor1d([1, 2]))
    const training = await compileTraining(
      () => tf.sum(w) as tf.Scalar,
      { w },
      { ...QUIET, optimizer: { kind: 'adamw', learningRate: 1, weightDecay: 0 } },
    )
    const compiled = compile(({ x }: { x: tf.Tensor }) => tf.add(w, x), QUIET)
    const values = async (): Promise<number[]> =>
      Array.from((await compiled.run({ x: tf.scalar(0) }))['output']!.data, Number)
    for (const expected of [
      [1, 2],
      [0, 1],
      [-1, 0],
    ]) {
      expect((await values()).map(Math.round)).toEqual(expected)
      await training.step({}, { seed: 0, step: 0 })
      await training.synchronize()
    }
    await Promise.all([training.dispose(), compiled.dispose()])
  })

  it('refuses an optimiser and session options it does not know, in both threads', async () => {
    const w = tf.variable(tf.scalar(1))
    for (const worker of [false, true]) {
      const error = await rejection(
        compileTraining(
          () => tf.square(w) as tf.Scalar,
          { w },
          { ...QUIET, worker, optimizer: { kind: 'sgd' as 'adamw', learningRate: 1 } },
        ),
      )
      expect(error.message).toBe('optimizer.kind must be adamw or bert-adam. Received: sgd.')
    }
    const threads = await rejection(
      compileTraining(() => tf.square(w) as tf.Scalar, { w }, { ...OPTIONS, threads: -1 }),
    )
    expect(threads.message).toContain('threads must be a whole number from 1 to 256. Received: -1.')
  })
})

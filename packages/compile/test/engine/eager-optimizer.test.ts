import { clipByGlobalNorm, constantSchedule, createAdamW, createParameterStore } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createEagerOptimizer } from '../../src/engine/eager-optimizer'

const options = { learningRate: 0.1, schedule: constantSchedule(), clipping: clipByGlobalNorm(1) }

describe.each(['cpu', 'wasm'] as const)('on %s', backend => {
  beforeAll(() => useBackend(backend))

  it('gives variables what the flat optimiser gives its store, and leaves no tensor behind', async () => {
    const parameters = {
      a: tf.variable(tf.tensor2d([[1, 2, 3]])),
      unused: tf.variable(tf.tensor1d([4])),
      frozen: tf.variable(tf.tensor1d([5]), false),
      b: tf.variable(tf.scalar(6)),
    }
    const seen: Float32Array[] = []
    const optimizer = await createEagerOptimizer(parameters, store => createAdamW(store, options))
    const store = createParameterStore([
      { name: 'a', shape: [1, 3], values: Float32Array.of(1, 2, 3) },
      { name: 'b', shape: [], values: Float32Array.of(6) },
    ])
    const flat = createAdamW(store, options)
    const before = tf.memory().numTensors
    for (const step of [1, 2]) {
      const gradients = { a: tf.tensor2d([[step, -1, 0.5]]), b: tf.scalar(step - 1) }
      const report = await optimizer.update(gradients)
      store.get('a').gradients.set([step, -1, 0.5])
      store.get('b').gradients[0] = step - 1
      expect(report).toEqual({ ...flat.update(), reached: step === 1 ? ['a'] : ['a', 'b'] })
      tf.dispose(gradients)
      expect(parameters.a.dataSync()).toEqual(store.get('a').values)
      seen.push(parameters.a.dataSync<'float32'>())
      expect(parameters.b.dataSync()).toEqual(store.get('b').values)
    }
    expect([parameters.unused.dataSync()[0], parameters.frozen.dataSync()[0]]).toEqual([4, 5])
    // The store's own memory must not become a backend's: what was read before would change with every update.
    expect(seen[0]).not.toEqual(seen[1])
    expect(tf.memory().numTensors).toBe(before)
  })

  it('touches nothing where a gradient is not finite', async () => {
    const parameters = { a: tf.variable(tf.tensor1d([1])), b: tf.variable(tf.tensor1d([1])) }
    const optimizer = await createEagerOptimizer(parameters, store => createAdamW(store, options))
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const report = await optimizer.update({ a: tf.tensor1d([1]), b: tf.tensor1d([broken]) })
      expect([Number.isFinite(report.gradientNorm), report.reached]).toEqual([false, []])
      expect([parameters.a.dataSync()[0], parameters.b.dataSync()[0]]).toEqual([1, 1])
    }
    expect(await optimizer.update({})).toMatchObject({ learningRate: 0.1, gradientNorm: 0, reached: [] })
  })
})

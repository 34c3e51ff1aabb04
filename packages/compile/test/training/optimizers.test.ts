import { describe, expect, it, vi } from 'vitest'
import { createAdamW } from '../../src/training/adamw'
import { createBertAdam } from '../../src/training/bert-adam'
import { clipByGlobalNorm, clipPerTensor, noClipping } from '../../src/training/clipping'
import type { FlatOptimizer, OptimizerOptions } from '../../src/training/flat-optimizer'
import { createOptimizer } from '../../src/training/optimizer-spec'
import { createParameterStore, type ParameterStore } from '../../src/training/parameter-store'
import { constantSchedule, linearSchedule } from '../../src/training/schedules'
import { drawGradients, randomStore, SHAPES } from './random-store'
import { slowAdam } from './slow-adam'

const options: OptimizerOptions = {
  learningRate: 0.1,
  schedule: constantSchedule(),
  clipping: noClipping(),
  weightDecay: 0,
}

/** A parameter's value after each of these gradients. */
function path(
  create: typeof createAdamW,
  gradients: number[],
  changes: Partial<OptimizerOptions> = {},
  { name = 'x.weight', start = 1 } = {},
): number[] {
  const store = createParameterStore([{ name, shape: [1], values: Float32Array.of(start) }])
  const optimizer = create(store, { ...options, ...changes })
  return gradients.map(gradient => {
    store.gradients[0] = gradient
    optimizer.update()
    return store.values[0]!
  })
}

const close = (values: number[], expected: number[]): void => {
  expect(values).toHaveLength(expected.length)
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 6)
}

describe('AdamW', () => {
  it('moves by the learning rate where the gradient does not change, whatever its size', () => {
    close(path(createAdamW, [3, 3, 3]), [0.9, 0.8, 0.7])
    close(path(createAdamW, [-1e-3, -1e-3]), [1.1 - 1e-6, 1.2 - 2e-6])
  })

  it('weighs the past, corrected for its short length', () => {
    // m = 0.1, then 0.09 - 0.1 = -0.01, over 1 - 0.81; v = 0.001999 over 1 - 0.998001 = 1
    close(path(createAdamW, [1, -1]), [0.9, 0.9 + (0.1 * 0.01) / 0.19])
    // m = 0.2 / 0.1 = 2 and v = 4; then m = (0.18 + 0.1) / 0.19 and v = (0.003996 + 0.001) / 0.001999
    close(path(createAdamW, [2, 1]), [0.9, 0.9 - (0.1 * (0.28 / 0.19)) / Math.sqrt(4.996 / 1.999)])
  })

  it('decays weights by themselves, apart from the gradient', () => {
    close(path(createAdamW, [0, 0], { weightDecay: 0.5 }), [0.95, 0.9025])
    close(path(createAdamW, [3, 3], { weightDecay: 0.5 }, { start: 2 }), [1.8, 1.61])
  })
})

describe('the published optimiser', () => {
  it('leaves out the bias correction, so that its first steps are larger', () => {
    // m / sqrt(v): 0.1 / sqrt(0.001), then -0.01 / sqrt(0.001999), each with 1e-6 in the divisor
    const first = 1 - (0.1 * 0.1) / (Math.sqrt(0.001) + 1e-6)
    close(path(createBertAdam, [1, -1]), [first, first + (0.1 * 0.01) / (Math.sqrt(0.001999) + 1e-6)])
  })

  it('decays weights by themselves, apart from the gradient', () => {
    close(path(createBertAdam, [0, 0], { weightDecay: 0.5 }), [0.95, 0.9025])
  })
})

describe.each([
  ['AdamW', createAdamW, 1e-8, true],
  ['the published optimiser', createBertAdam, 1e-6, false],
] as const)('%s', (_, create, epsilon, isCorrected) => {
  it.each([
    ['together', clipByGlobalNorm(0.5), true],
    ['per tensor', clipPerTensor(0.5), false],
  ] as const)(
    'is the plain formula in 64 bits, clipped %s, over many steps and sizes',
    (_, clipping, isClippedTogether) => {
      const steps = 30
      const learningRate = 2e-3
      const schedule = linearSchedule({ total: steps, warmup: 0.2 })
      const store = randomStore()
      const slow = slowAdam(store, {
        rates: step => learningRate * schedule(step),
        weightDecay: 0.1,
        epsilon,
        isCorrected,
        limit: 0.5,
        isClippedTogether,
      })
      const optimizer = create(store, { learningRate, schedule, clipping, weightDecay: 0.1 })
      for (let step = 0; step < steps; step++) {
        drawGradients(store, step)
        slow.update()
        const norm = Math.hypot(
          ...store.parameters.map(({ gradients }) => Math.hypot(...Array.from(gradients))),
        )
        expect(optimizer.update().gradientNorm / norm).toBeCloseTo(1, 10)
      }
      for (const [index, { name, offset, values }] of store.parameters.entries()) {
        const expected = slow.states[index]!
        let worst = 0
        for (const [i, value] of values.entries()) {
          const [m, v] = [
            optimizer.state.firstMoments[offset + i]!,
            optimizer.state.secondMoments[offset + i]!,
          ]
          worst = Math.max(
            worst,
            Math.abs(value - expected.values[i]!) / Math.max(1, Math.abs(expected.values[i]!)),
            Math.abs(m - expected.m[i]!) / Math.sqrt(expected.v[i]!),
            Math.abs(v / expected.v[i]! - 1),
          )
        }
        // Thirty roundings of half a unit in the last place, 6e-8, at the very most.
        expect(worst, name).toBeLessThan(1.8e-6)
      }
      expect(optimizer.state.step).toBe(steps)
    },
  )

  it.each([
    ['text_encoder.encoder.layer.0.output.dense.weight', true],
    ['crf.transitions', true],
    ['crf.start_transitions', true],
    ['fusion.text.bias', false],
    ['interaction.layer.0.output.LayerNorm.weight', false],
    ['text_encoder.embeddings.LayerNorm.bias', false],
  ])('decays %s: %s', (name, isDecayed) => {
    const [value] = path(create, [0], { weightDecay: 0.5 }, { name })
    expect(value).toBeCloseTo(isDecayed ? 0.95 : 1, 6)
    const [other] = path(create, [0], { weightDecay: 0.5, isDecayed: given => given !== name }, { name })
    expect(other).toBe(1)
  })

  it('takes the rate from the schedule, by the number of updates', () => {
    const seen: number[] = []
    const schedule = (step: number): number => {
      seen.push(step)
      return step
    }
    const values = path(create, [0, 0, 0], { weightDecay: 1, schedule })
    expect(seen).toEqual([0, 1, 2])
    close(values, [1, 0.9, 0.72])
  })

  it('says what it reached, leaves what has no gradient, and touches nothing where one is not finite', () => {
    const store = createParameterStore(
      ['a', 'b', 'c'].map(name => ({ name, shape: [1], values: Float32Array.of(1) })),
    )
    const [a, b, c] = store.parameters
    const optimizer = create(store, { ...options, clipping: clipByGlobalNorm(1), weightDecay: 0.5 })
    a!.gradients[0] = 1
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      b!.gradients[0] = broken
      const { applied, gradientNorm, reached } = optimizer.update()
      expect([applied, Number.isFinite(gradientNorm), ...reached]).toEqual([false, false, 0, 0, 0])
      expect([...store.values, ...optimizer.state.firstMoments, optimizer.state.step]).toEqual([
        ...[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0],
        ...new Float32Array(13),
      ])
    }
    // One that has no gradient may have anything where its gradient would be.
    c!.gradients[0] = Number.NaN
    b!.gradients[0] = 0
    // The square of the smallest number there is must not be lost.
    for (const size of [2, 1e-45]) {
      a!.gradients[0] = size
      expect(optimizer.update(Uint8Array.of(1, 1, 0))).toEqual({
        applied: true,
        learningRate: 0.1,
        gradientNorm: expect.closeTo(Math.fround(size), 50),
        reached: Uint8Array.of(1, 0, 0),
      })
    }
    expect(b!.values[0]).toBeCloseTo(0.9025, 6)
    expect(c!.values[0]).toBe(1)
    expect(optimizer.update(new Uint8Array(3))).toMatchObject({ applied: true, gradientNorm: 0 })
    expect(() => optimizer.update(new Uint8Array(2))).toThrow(
      "present must have one number for each of the store's 3 parameters. Received: 2.",
    )
  })

  it('goes on from a saved state as if it had never stopped', () => {
    const run = (store: ParameterStore, optimizer: FlatOptimizer, steps: number[]): void => {
      for (const step of steps) {
        drawGradients(store, step)
        optimizer.update()
      }
    }
    const store = randomStore()
    const optimizer = create(store, options)
    run(store, optimizer, [0, 1, 2])
    const copy = createParameterStore(SHAPES.map(([name, shape]) => ({ name, shape })))
    copy.values.set(store.values)
    const resumed = create(copy, options)
    resumed.state.step = optimizer.state.step
    resumed.state.firstMoments.set(optimizer.state.firstMoments)
    resumed.state.secondMoments.set(optimizer.state.secondMoments)
    run(store, optimizer, [3, 4])
    expect(copy.values).not.toEqual(store.values)
    run(copy, resumed, [3, 4])
    expect(copy.values).toEqual(store.values)
    expect(resumed.state).toEqual(optimizer.state)
    expect(() => create(store, options)).toThrow('store must have no optimiser yet')
  })

  it('lets moments that nothing feeds any more go to zero, where 32 bits would hold on to a tiny rest', () => {
    const store = createParameterStore([{ name: 'a', shape: [1] }])
    const optimizer = create(store, options)
    store.gradients[0] = 1
    optimizer.update()
    store.gradients[0] = 0
    for (let step = 0; step < 900; step++) optimizer.update()
    expect(optimizer.state.firstMoments[0]).toBe(0)
  })
})

it('counts no number that lies between two parameters', () => {
  const store = createParameterStore([1, 2, 3, 4, 5].map(size => ({ name: `${size}`, shape: [size] })))
  const optimizer = createAdamW(store, options)
  store.gradients.fill(2)
  expect(optimizer.update().gradientNorm).toBeCloseTo(2 * Math.sqrt(15), 12)
})

it('makes no array once it runs', () => {
  const store = randomStore()
  drawGradients(store, 0)
  const optimizer = createAdamW(store, options)
  let made = 0
  const count = <T>(result: T): T => {
    made += 1
    return result
  }
  // What slices and views are made by, and what `new` is.
  const Original = Float32Array
  Object.defineProperty(Original, Symbol.species, { configurable: true, get: () => count(Original) })
  vi.stubGlobal(
    'Float32Array',
    new Proxy(Original, { construct: (own, inputs) => count(Reflect.construct(own, inputs)) }),
  )
  try {
    expect(optimizer.update().applied).toBe(true)
    expect(made).toBe(0)
    expect([store.values.slice(), store.values.subarray(1), new Float32Array(1)]).toHaveLength(3)
    expect(made).toBe(3)
  } finally {
    vi.unstubAllGlobals()
    Reflect.deleteProperty(Original, Symbol.species)
  }
})

describe('groups', () => {
  const spec = { kind: 'adamw', learningRate: 0.1, weightDecay: 0.5 } as const
  const values = Float32Array.of(1)
  const storeOf = (...names: string[]) =>
    createParameterStore(names.map(name => ({ name, shape: [1], values })))

  it('have learning rates and decays of their own; biases do not decay in any', () => {
    const store = storeOf('a.weight', 'b.weight', 'c.weight', 'c.bias')
    const groups = [
      { parameters: ['b.weight'], learningRate: 0.01 },
      { parameters: ['c.weight', 'c.bias'], learningRate: 0.2, weightDecay: 0.1 },
    ]
    const optimizer = createOptimizer(store, { ...spec, groups })
    store.gradients.fill(1)
    expect(optimizer.update().learningRate).toBe(0.1)
    // The first step of Adam is the learning rate, and what decays.
    close(
      store.parameters.map(({ values }) => values[0]!),
      [1 - 0.1 * (1 + 0.5), 1 - 0.01 * (1 + 0.5), 1 - 0.2 * (1 + 0.1), 1 - 0.2],
    )
  })

  it.each([
    [[{ parameters: ['b'] }], "must be one of the store's 1 parameters"],
    [
      [{ parameters: ['a'] }, { parameters: ['a'] }],
      'optimizer.groups[1] must have parameters that are in no',
    ],
  ])('that do not fit are refused: %j', (groups, message) => {
    expect(() => createOptimizer(storeOf('a'), { ...spec, groups })).toThrow(message)
  })
})

import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { compile } from '../../src/index'
import { countSessions, expectSame, plain, QUIET } from './compare'

await tf.setBackend('cpu')
afterEach(() => {
  vi.restoreAllMocks()
  tf.disposeVariables()
})

type Inputs = Record<string, tf.Tensor>
type Program = (inputs: never) => unknown

const x = tf.tensor2d([1, -2, 3, 4, 5, -6], [2, 3])
const ids = tf.tensor1d([2, 0, 1], 'int32')
const twenty = Array.from({ length: 20 }, (_, i) => Math.sin(i))
const outside = tf.tensor1d(twenty)
// The cpu backend widens numbers without copying them: one array, two types.
const whole = tf.tensor1d([1, 2, 3], 'int32')
const widened = tf.cast(whole, 'float32')

const programs: Record<string, [Program, object]> = {
  'a plain tensor': [({ x }: Inputs) => tf.square(x!), { x }],
  'nested records and lists': [
    ({ a, list }: { a: { b: tf.Tensor }; list: [tf.Tensor, { c: tf.Tensor }] }) => ({
      sums: [tf.add(a.b, list[0]), { deeper: { still: tf.sub(list[1].c, a.b) } }],
      none: null,
    }),
    { a: { b: x }, list: [x, { c: tf.neg(x) }] },
  ],
  'whole numbers and booleans': [
    ({ x, ids }: Inputs) => ({
      place: tf.argMax(x!, 1),
      above: tf.greater(x!, 0),
      counted: tf.add(ids!, ids!),
    }),
    { x, ids },
  ],
  'an input returned': [({ x }: Inputs) => ({ x, y: x, changed: tf.neg(x!) }), { x }],
  "an output of an input's name": [({ x }: Inputs) => ({ x: tf.add(x!, 1) }), { x }],
  'one tensor three times': [
    ({ x }: Inputs) => {
      const y = tf.exp(x!)
      return { first: y, again: [y], sum: tf.sum(y) }
    },
    { x },
  ],
  "names of the compiler's own kind": [
    ({ v1, c1, constant }: Inputs) => ({
      v2: tf.mul(tf.add(v1!, 2), c1!),
      port: tf.add(constant!, tf.slice(outside, 0, 3)),
      c2: v1,
    }),
    { v1: x, c1: x, constant: x },
  ],
  'constants of all types': [
    ({ x }: Inputs) => ({
      float: tf.tensor1d([0.5, 2]),
      int: tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'),
      bool: tf.tensor1d([true, false]),
      zeros: tf.zeros([2, 2]),
      filled: tf.fill([2, 3], 7, 'int32'),
      used: tf.mul(x!, tf.ones([2, 3])),
    }),
    { x },
  ],
  'values that are no tensors': [
    ({ x }: Inputs) => ({ x: tf.neg(x!), text: 'label', list: [1, 'two'], array: new Float32Array([1, 2]) }),
    { x },
  ],
  'one constant under two shapes': [
    ({ x }: Inputs) => {
      const vector = tf.tensor1d(twenty)
      return { vector: tf.add(vector, tf.sum(x!)), matrix: tf.add(tf.reshape(vector, [4, 5]), tf.sum(x!)) }
    },
    { x },
  ],
  'zeros of both signs': [
    ({ x }: Inputs) => [tf.div(x!, tf.tensor1d([0, 1, 1])), tf.div(x!, tf.tensor1d([-0, 1, 1]))],
    { x },
  ],
  'tensors of zero size': [
    ({ none, x }: Inputs) => ({
      none: tf.add(none!, 1),
      joined: tf.concat([none!, x!], 0),
      sum: tf.sum(none!, 0),
      product: tf.matMul(tf.zeros([2, 0]), none!),
      sliced: tf.slice(x!, [0, 0], [2, 0]),
    }),
    { none: tf.zeros([0, 3]), x },
  ],
  'a tensor of outside under two shapes': [
    ({ x }: Inputs) => ({
      sum: tf.add(tf.sum(x!), outside),
      rows: tf.matMul(tf.ones([1, 4]), tf.reshape(outside, [4, 5])),
    }),
    { x },
  ],
  'a tensor of outside under two types': [
    ({ x }: Inputs) => ({
      float: tf.mul(x!, widened),
      int: tf.mul(whole, whole),
      mixed: tf.gather(x!, tf.sub(whole, tf.onesLike(whole)), 1),
    }),
    { x },
  ],
  'an input under another type': [({ w }: Inputs) => tf.mul(w!, 0.5), { w: widened }],
}

describe('a compiled function gives what the function gives', () => {
  it.each(Object.entries(programs))('%s', async (_, [program, inputs]) => {
    const before = tf.memory()
    const compiled = compile(program as (inputs: object) => unknown, QUIET)
    const expected = tf.tidy(() => program(inputs as never) as tf.TensorContainer)
    const actual = await compiled(inputs)
    expectSame(await plain(actual), await plain(expected))
    const given = new Set(tf.tensor_util.getTensorsInContainer(inputs as tf.TensorContainer))
    const made = tf.tensor_util.getTensorsInContainer([actual, expected] as tf.TensorContainer)
    tf.dispose(made.filter(tensor => !given.has(tensor)))
    const { numTensors, numDataBuffers } = tf.memory()
    expect({ numTensors, numDataBuffers }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    })
    expect(tf.getBackend()).toBe('cpu')
    await compiled.dispose()
  })

  it('takes arrays in the place of tensors, and gives arrays by path', async () => {
    const compiled = compile(
      ({ a, b, mask }: { a: tf.Tensor; b: tf.Tensor; mask: tf.Tensor }) => ({
        both: { sum: tf.add(a, b) },
        any: tf.any(mask),
        a: tf.where(mask, a, tf.zerosLike(a)),
      }),
      QUIET,
    )
    const given = {
      a: Float32Array.of(1, 2, 3),
      b: { data: Int32Array.of(4, 5, 6), shape: [3] },
      mask: Uint8Array.of(1, 0, 1),
    }
    const results = await compiled.run(given as never)
    expect(Object.keys(results).sort()).toEqual(['a', 'any', 'both.sum'])
    expect(results['both.sum']).toEqual({ data: Float32Array.of(5, 7, 9), shape: [3], type: 'float32' })
    expect(results['any']).toEqual({ data: Uint8Array.of(1), shape: [], type: 'bool' })
    expect(results['a']!.data).toEqual(Float32Array.of(1, 0, 3))
    await compiled.dispose()
  })
})

describe('what a compiled function reads besides its inputs', () => {
  it.each(['constant', 'input'] as const)(
    'has the value a variable has at the call (weights: %s)',
    async weights => {
      const count = await countSessions()
      const scale = tf.variable(tf.tensor1d([1, 2, 3]))
      const compiled = compile(({ x }: Inputs) => tf.mul(x!, scale), { ...QUIET, weights })
      const values = async (): Promise<number[]> =>
        Array.from((await compiled.run({ x }))['output']!.data, Number)
      expect(await values()).toEqual([1, -4, 9, 4, 10, -18])
      scale.assign(tf.tensor1d([10, 1, -1]))
      expect(await values()).toEqual([10, -2, -3, 40, 5, 6])
      scale.assign(tf.tensor1d([2, 2, 1]))
      // All of them are given the newest value, and none a session that another one has freed.
      expect(await Promise.all([values(), values(), values()])).toEqual(Array(3).fill([2, -4, 3, 8, 10, -6]))
      expect(count).toEqual({ made: weights === 'constant' ? 3 : 1, alive: 1 })
      await compiled.dispose()
      expect(count.alive).toBe(0)
    },
  )

  it('keeps a tensor of outside that is disposed, and inputs that are disposed while it is made ready', async () => {
    const captured = tf.tensor1d([1, 2, 3])
    const input = tf.tensor1d([10, 20, 30])
    const compiled = compile(({ x }: Inputs) => tf.add(x!, captured), QUIET)
    const first = compiled.run({ x: input })
    captured.dispose()
    input.dispose()
    expect((await first)['output']!.data).toEqual(Float32Array.of(11, 22, 33))
    expect((await compiled.run({ x: tf.tensor1d([0, 0, 0]) }))['output']!.data).toEqual(
      Float32Array.of(1, 2, 3),
    )
    await compiled.dispose()
  })
})

describe('programs', () => {
  it('are one for each shape and for each value that is no tensor', async () => {
    const count = await countSessions()
    const run = vi.fn(({ x, by, how }: { x: tf.Tensor; by: number; how?: (x: tf.Tensor) => tf.Tensor }) =>
      tf.mul((how ?? tf.neg)(x), by),
    )
    const compiled = compile(run, QUIET)
    const value = async (inputs: Parameters<typeof run>[0]): Promise<number> =>
      Number((await compiled.run(inputs))['output']!.data[0])
    const one = tf.tensor1d([3])
    expect(await value({ x: one, by: 2 })).toBe(-6)
    expect(await value({ x: one, by: 5 })).toBe(-15)
    expect(await value({ x: tf.tensor1d([4]), by: 2 })).toBe(-8)
    expect(count.made).toBe(2)
    // JSON would write all of these as null, or not at all.
    expect(await value({ x: one, by: Number.POSITIVE_INFINITY })).toBe(Number.NEGATIVE_INFINITY)
    expect(await value({ x: one, by: Number.NaN })).toBe(Number.NaN)
    expect(await value({ x: one, by: 2, how: tf.square })).toBe(18)
    expect(await value({ x: one, by: 2, how: tf.abs })).toBe(6)
    expect(await value({ x: tf.tensor2d([[4, 5]]), by: 2 })).toBe(-8)
    expect(count.made).toBe(7)
    await compiled.dispose()
    expect(count.alive).toBe(0)
  })

  it('are made once by calls that come before the first is ready, and none after dispose', async () => {
    const count = await countSessions()
    const run = vi.fn(({ x }: Inputs) => tf.neg(x!))
    const compiled = compile(run, QUIET)
    const results = await Promise.all([1, 2, 3].map(value => compiled.run({ x: tf.scalar(value) })))
    expect(results.map(({ output }) => output!.data[0])).toEqual([-1, -2, -3])
    expect(count).toEqual({ made: 1, alive: 1 })
    expect(run).toHaveBeenCalledTimes(2)
    const last = compiled.run({ x: tf.scalar(4) })
    await compiled.dispose()
    expect((await last)['output']!.data[0]).toBe(-4)
    expect(count.alive).toBe(0)
    await expect(compiled.run({ x: tf.scalar(5) })).rejects.toThrow(
      'compiled function must not be used after dispose(). Received: a call. Compile it again, or dispose it later.',
    )
    expect(count.made).toBe(1)
  })

  it('leave the arithmetic of JavaScript as it was', async () => {
    const compiled = compile(({ x }: Inputs) => tf.neg(x!), QUIET)
    await compiled.run({ x })
    // Some runtimes are set to take the smallest numbers for 0, which the whole thread then does.
    const smallest = JSON.parse('[5e-324]') as [number]
    expect(smallest[0] / 1).toBeGreaterThan(0)
    await compiled.dispose()
  })
})

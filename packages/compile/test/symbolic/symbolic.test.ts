import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compile, exportOnnx } from '../../src/index'
import { countSessions, expectSame, plain, QUIET, rejection } from '../compile/compare'

beforeAll(() => tf.setBackend('cpu'))
afterEach(() => vi.restoreAllMocks())
afterAll(() => tf.disposeVariables())

interface Inputs {
  /** `[batch, tokens, 3]` */
  x: tf.Tensor3D
  /** `[batch, regions, 3]` */
  y: tf.Tensor3D
  /** `[batch, tokens]`, 0 to 2 */
  ids: tf.Tensor2D
}

const AXES = {
  axes: { x: ['batch', 'tokens', null], y: ['batch', 'regions', null], ids: ['batch', 'tokens'] },
} as const

const waves = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i + size))

const inputsOf = (batch: number, tokens: number, regions: number): Inputs => ({
  x: tf.tensor3d(waves(batch * tokens * 3), [batch, tokens, 3]),
  y: tf.tensor3d(waves(batch * regions * 3), [batch, regions, 3]),
  ids: tf.tensor2d(
    Array.from({ length: batch * tokens }, (_, i) => i % 3),
    [batch, tokens],
    'int32',
  ),
})

const weight = tf.variable(tf.tensor2d(waves(12), [3, 4]))
const table = tf.tensor2d(waves(96), [32, 3])

/** Lengths that are one, equal to each other, equal to a width, and those that recordings use. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [2, 5, 4],
  [1, 1, 1],
  [3, 3, 3],
  [5, 5, 2],
  [4, 20, 24],
  [20, 2, 7],
]

const served: Record<string, (inputs: Inputs) => unknown> = {
  'products of dimensions': ({ x }) => {
    const [batch, tokens] = x.shape
    return tf.reshape(tf.matMul(tf.reshape(x, [batch * tokens, 3]), weight), [batch, tokens, 4])
  },
  'a flat shape': ({ x }) => tf.reshape(x, [-1]),
  'slices to the end': ({ x }) => tf.slice(x, [0, 1, 0], [-1, -1, -1]),
  'the first of each row': ({ x }) => tf.reshape(tf.slice(x, [0, 0, 0], [-1, 1, -1]), [x.shape[0], 3]),
  'two lengths joined': ({ x, y }) => tf.softmax(tf.transpose(tf.concat([x, y], 1), [0, 2, 1])),
  'a length and a number joined': ({ x }) => tf.concat([tf.ones([x.shape[0], 1, 3]), x], 1),
  'divisions by lengths': ({ x }) => ({
    one: tf.div(tf.sum(x, 1), x.shape[1]),
    twice: tf.div(tf.sum(x, 1), 2 * x.shape[1]),
    product: tf.div(tf.sum(x), 3 * x.shape[0] * x.shape[1]),
  }),
  'diagonals, by rows that are read one shorter': ({ x }) => {
    const [batch, tokens] = x.shape
    const products = tf.matMul(x, tf.concat([x, x], 1), false, true)
    const flat = tf.slice(tf.reshape(products, [batch, tokens * 2 * tokens]), [0, tokens], [-1, -1])
    return tf.slice(tf.reshape(flat, [batch, tokens, -1]), [0, 0, 0], [-1, -1, tokens])
  },
  ranges: ({ x }) => ({
    up: tf.mul(x, tf.reshape(tf.range(0, x.shape[1]), [1, -1, 1])),
    down: tf.mul(x, tf.reshape(tf.range(x.shape[1], 0, -1), [1, -1, 1])),
    byTwo: tf.range(3, 3 + 2 * x.shape[0], 2, 'int32'),
  }),
  'a causal mask': ({ x }) => {
    const place = tf.range(0, x.shape[1])
    const isBefore = tf.lessEqual(tf.expandDims(place, 0), tf.expandDims(place, 1))
    return tf.softmax(tf.where(isBefore, tf.matMul(x, x, false, true), tf.scalar(-1e4)))
  },
  'zeros, ones and fillings': ({ x }) =>
    tf.concat(
      [
        x,
        tf.zeros(x.shape),
        tf.ones([x.shape[0], x.shape[1], 2]),
        tf.fill([x.shape[0], x.shape[1], 1], 0.25),
      ],
      2,
    ),
  'a filling with a length': ({ x }) => tf.add(x, tf.fill([1, 1, 3], x.shape[1])),
  'one-hot rows': ({ ids }) => tf.oneHot(ids, 7),
  tiles: ({ x }) => ({
    along: tf.tile(tf.slice(x, [0, 0, 0], [-1, 1, -1]), [1, x.shape[1], 2]),
    constant: tf.tile(tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3]), [x.shape[0], x.shape[1], 1]),
  }),
  paddings: ({ x }) => ({
    few: tf.pad(x, [
      [0, 0],
      [1, 2],
      [0, 0],
    ]),
    many: tf.pad(
      x,
      [
        [0, x.shape[1]],
        [0, 0],
        [0, 0],
      ],
      5,
    ),
  }),
  'rows taken by numbers': ({ x, ids }) => ({
    outer: tf.gather(table, ids),
    inner: tf.gather(x, tf.zerosLike(ids), 1, 1),
  }),
  'order and sums along a length': ({ x }) => [
    tf.reverse(x, 1),
    tf.cumsum(x, 1),
    tf.argMax(x, 1),
    tf.moments(x, [0, 1]).variance,
  ],
  'every pair': ({ x, y }) => tf.sub(tf.expandDims(x, 2), tf.expandDims(y, 1)),
  'a filter over a length': ({ x }) => tf.conv1d(x, tf.tensor3d(waves(18), [2, 3, 3]), 1, 'same'),
  'numbers that are the usual primes': ({ x }) => {
    const wide = tf.mul(tf.ones([1009, 2]), tf.sum(x))
    return tf.concat([tf.slice(tf.reshape(wide, [2, 1009]), [0, 0], [1, 3]), tf.fill([1, 3], 1013)], 0)
  },
}

describe('one program serves every length', () => {
  it.each(Object.entries(served))('%s', async (_, fn) => {
    const count = await countSessions()
    const compiled = compile(fn, { ...QUIET, dynamic: AXES })
    for (const size of SIZES) {
      const inputs = inputsOf(...size)
      expectSame(await plain(await compiled(inputs)), await plain(fn(inputs)), 2e-6, `${size}`)
    }
    expect(count.made).toBe(1)
    await compiled.dispose()
  })

  it('up to the greatest that is told', async () => {
    const count = await countSessions()
    const fn = ({ x }: Inputs): tf.Tensor => tf.add(x, tf.slice(table, [0, 0], [x.shape[1], -1]))
    const compiled = compile(fn, { ...QUIET, dynamic: { ...AXES, largest: { tokens: 32 } } })
    for (const tokens of [1, 31, 32]) {
      const inputs = inputsOf(2, tokens, 1)
      expectSame(await plain(await compiled(inputs)), await plain(fn(inputs)))
    }
    expect(count.made).toBe(1)
    const error = await rejection(compiled(inputsOf(2, 33, 1)))
    expect(error.name).toBe('InvalidArgumentError')
    expect(error.message).toBe(
      'x must be a tensor of shape [batch, tokens, any fixed length] where tokens is at most 32. Received: [2, 33, 3].',
    )
    const untold = await rejection(compile(fn, { ...QUIET, dynamic: AXES })(inputsOf(2, 5, 1)))
    expect(untold.message).toMatch(/tokens = 1013.*would overflow.*dynamic\.largest/s)
    await compiled.dispose()
  })

  it('up to a greatest that nobody told, past which it is refused', async () => {
    const rows = tf.variable(tf.tensor2d(waves(100 * 3), [100, 3]))
    const fn = ({ x }: Inputs): tf.Tensor => tf.add(x, tf.slice(rows, [0, 0], [x.shape[1], -1]))
    const compiled = compile(fn, { ...QUIET, dynamic: AXES })
    const count = await countSessions()
    for (const tokens of [2, 99, 100]) {
      const inputs = inputsOf(2, tokens, 1)
      expectSame(await plain(await compiled(inputs)), await plain(fn(inputs)))
    }
    expect(count.made).toBe(1)
    expect((await rejection(compiled(inputsOf(2, 101, 1)))).message).toMatch(
      /The compiled program failed while it ran/,
    )
    await compiled.dispose()
    rows.dispose()
  })

  it('tells a small greatest length from the widths of the program', async () => {
    const fn = ({ x }: Pick<Inputs, 'x'>): tf.Tensor =>
      tf.mul(tf.matMul(x, tf.ones([x.shape[0], 3, 7])), tf.div(14, x.shape[1]))
    const axes = { x: AXES.axes.x }
    const compiled = compile(fn, { ...QUIET, dynamic: { axes, largest: { batch: 13, tokens: 7 } } })
    for (const size of SIZES.slice(0, 4)) {
      const { x } = inputsOf(...size)
      expectSame(await plain(await compiled({ x })), await plain(fn({ x })))
    }
    await compiled.dispose()
    const misspelt = compile(fn, { ...QUIET, dynamic: { axes, largest: { token: 3 } } })
    expect((await rejection(misspelt({ x: inputsOf(2, 2, 1).x }))).message).toMatch(
      /^dynamic\.largest\.token must be of a dimension that dynamic\.axes names.*Those are batch, tokens/,
    )
  })

  it('of each length of its own, where the greatest leaves no room for a dimension of any', async () => {
    const count = await countSessions()
    const fn = ({ x }: Pick<Inputs, 'x'>): tf.Tensor =>
      tf.add(tf.neg(x), tf.slice(table, [0, 0], [x.shape[1], -1]))
    const compiled = compile(fn, { ...QUIET, dynamic: { axes: { x: AXES.axes.x }, largest: { tokens: 3 } } })
    for (const [batch, tokens] of [
      [2, 1],
      [2, 3],
      [4, 2],
      [3, 3],
      [1, 1],
    ] as const) {
      const { x } = inputsOf(batch, tokens, 1)
      expectSame(await plain(await compiled({ x })), await plain(fn({ x })))
    }
    expect(count.made).toBe(3)
    await compiled.dispose()
    await expect(
      exportOnnx(fn, { x: { shape: ['batch', 'tokens', 3] } }, { largest: { tokens: 3 } }),
    ).rejects.toThrow(/dynamic\.largest\.tokens must leave room.*Received: 3/)
  })

  it('for every greatest length of a table of positions, up to the last row', async () => {
    for (let rows = 1; rows <= 130; rows++) {
      // RoBERTa's table has two rows more than positions.
      const offset = rows % 3 === 0 ? 2 : 0
      const positions = tf.variable(tf.tensor2d(waves((rows + offset) * 4), [rows + offset, 4]))
      const fn = ({ x, chosen }: { x: tf.Tensor3D; chosen: tf.Tensor3D }): tf.Tensor => {
        const rest = tf.slice(positions, [offset, 0], [-1, -1])
        const placed = tf.add<tf.Tensor3D>(x, tf.slice(rest, [0, 0], [x.shape[1], -1]))
        return tf.matMul(chosen, tf.matMul(tf.softmax(tf.matMul(placed, placed, false, true)), placed))
      }
      const axes = { x: ['batch', 'tokens', null], chosen: ['batch', 'words', 'tokens'] }
      const compiled = compile(fn, { ...QUIET, dynamic: { axes, largest: { tokens: rows } } })
      const lengths = Array.from({ length: rows }, (_, i) => i + 1)
      for (const tokens of rows <= 26 ? lengths : [1, 22, rows - 1, rows]) {
        const x = tf.tensor3d(waves(2 * tokens * 4), [2, tokens, 4])
        const chosen = tf.tensor3d(waves(2 * 3 * tokens), [2, 3, tokens])
        const expected = await plain(fn({ x, chosen }))
        expectSame(await plain(await compiled({ x, chosen })), expected, 1e-5, `${tokens} of ${rows}`)
      }
      await compiled.dispose()
      positions.dispose()
    }
  }, 60_000)

  it('and at least what the function takes of it', async () => {
    const fn = ({ x }: Inputs): tf.Tensor => tf.mean(tf.slice(x, [0, 0, 0], [-1, 30, -1]), 1)
    const compiled = compile(fn, { ...QUIET, dynamic: AXES })
    for (const tokens of [30, 31]) {
      const inputs = inputsOf(2, tokens, 1)
      expectSame(await plain(await compiled(inputs)), await plain(fn(inputs)))
    }
    const error = await rejection(compiled(inputsOf(2, 29, 1)))
    expect([error.name, error.message]).toEqual([
      'InvalidArgumentError',
      'the dimension tokens must be at least 30, since the function takes so many of it. Received: 29.',
    ])
    await compiled.dispose()
  })

  it('and a length of zero has a program of its own', async () => {
    const fn = ({ x, y }: Inputs): object => ({
      rows: tf.matMul(tf.reshape(x, [-1, 3]), weight),
      joined: tf.concat([x, y], 1),
      top: tf.topk(tf.transpose(tf.concat([x, y], 1), [0, 2, 1]), 1).values,
    })
    const compiled = compile(fn, { ...QUIET, dynamic: AXES })
    const sizes: typeof SIZES = [
      [2, 0, 3],
      [0, 4, 3],
      [2, 3, 3],
    ]
    for (const size of sizes) {
      const inputs = inputsOf(...size)
      expectSame(await plain(await compiled(inputs)), await plain(fn(inputs)), 1e-6, `${size}`)
    }
    await compiled.dispose()
  })
})

const refused: Record<string, (inputs: Inputs) => unknown> = {
  'the inverse of a length': ({ x }) => tf.mul(tf.sum(x, 1), 1 / x.shape[1]),
  'a length less one': ({ x }) => tf.div(tf.sum(x, 1), x.shape[1] - 1),
  'a length and one': ({ x }) => tf.div(tf.sum(x, 1), x.shape[1] + 1),
  'the root of a length': ({ x }) => tf.div(x, Math.sqrt(x.shape[1])),
  'half a length': ({ x }) => tf.slice(x, [0, 0, 0], [-1, Math.floor(x.shape[1] / 2), -1]),
  'the last place': ({ x }) => tf.gather(x, x.shape[1] - 1, 1),
  'whether a length is even': ({ x }) => (x.shape[1] % 2 === 0 ? tf.neg(x) : x),
  'whether a length passes a limit': ({ x }) => (x.shape[1] > 300 ? tf.neg(x) : x),
  'the lesser of a length and a number': ({ x }) => tf.mul(x, Math.min(x.shape[1], 512)),
  'the greater of a length and a number': ({ x }) => tf.mul(x, Math.max(x.shape[1], 512)),
  'the digits of a length': ({ x }) => tf.mul(x, Math.ceil(Math.log10(x.shape[1]))),
  'a number of a kernel': ({ x }) => tf.leakyRelu(x, 1 / x.shape[1]),
  'a mask of a length by a length': ({ x }) => tf.add(tf.matMul(x, x, false, true), tf.eye(x.shape[1])),
  'even distances that are no whole numbers': ({ x }) =>
    tf.mul(x, tf.reshape(tf.linspace(0, 1, x.shape[1]), [1, -1, 1])),
  'every other place': ({ x }) => tf.stridedSlice(x, [0, 0, 0], x.shape, [1, 2, 1]),
  'a filter of stride two': ({ x }) => tf.conv1d(x, tf.tensor3d(waves(18), [2, 3, 3]), 2, 'same'),
  'a list as long as a length': ({ x }) => tf.addN(tf.unstack(x, 1)),
  'a shape of a sum of lengths': ({ x, y }) =>
    tf.reshape(tf.concat([x, y], 1), [x.shape[0] * (x.shape[1] + y.shape[1]), 3]),
  'a length returned': ({ x }) => ({ x: tf.neg(x), length: x.shape[1] }),
  'an array of a length returned': ({ x }) => ({
    x: tf.neg(x),
    lengths: new Float32Array(x.shape[0]).fill(x.shape[1]),
  }),
}

describe('what a program would freeze of a length is refused', () => {
  it.each(Object.entries(refused))('%s', async (name, fn) => {
    const compiled = compile(fn as (inputs: Inputs) => tf.Tensor, { ...QUIET, dynamic: AXES })
    const error = await rejection(compiled(inputsOf(2, 5, 4)))
    expect(error.name).toBe('CompileError')
    expect(error.message).toMatch(
      /^A number computed from a length that may change would be frozen into the program: /,
    )
    expect(error.message).toMatch(
      /Compute it with tensors, or give it as an input, or compile for fixed shapes\.$/,
    )
    // What is returned besides tensors has no place in the function.
    if (!name.endsWith('returned') && !name.startsWith('whether'))
      expect(error.message).toContain('symbolic.test.ts')
  })
})

describe('inputs that do not fit the symbolic axes are refused by name', () => {
  const compiled = compile(({ x, ids }: Inputs) => tf.add(tf.sum(x), tf.sum(ids)), {
    ...QUIET,
    dynamic: { axes: { x: ['batch', 'tokens', null], ids: ['batch', 'tokens'] } },
  })
  const { x, ids } = inputsOf(2, 5, 4)
  const disposed = tf.scalar(1)
  disposed.dispose()
  it.each([
    ['a missing one', { x }, 'ids must be a tensor of shape [batch, tokens]. Received: nothing.'],
    [
      'another rank',
      { x: ids, ids },
      'x must be a tensor of shape [batch, tokens, any fixed length]. Received: [2, 5].',
    ],
    [
      'another length of the same dimension',
      { x, ids: tf.zeros([2, 6], 'int32') },
      'ids must be a tensor of shape [batch, tokens] where tokens is 5, as in another input. Received: [2, 6].',
    ],
    [
      'numbers of 64 bits',
      { x: new Float64Array(3), ids },
      'x must be a Float32Array, an Int32Array, or a Uint8Array for booleans. Received: Float64Array.',
    ],
    ['strings', { x, ids: tf.tensor1d(['a']) }, 'ids must be float32, int32 or bool. Received: string.'],
    [
      'fewer numbers than the shape has',
      { x: { data: new Float32Array(5), shape: [2, 3] }, ids },
      'x.data must hold the 6 numbers of shape [2, 3]. Received: 5 numbers.',
    ],
    ['a disposed one', { x, ids, more: disposed }, 'more must not be disposed. Received: a disposed tensor.'],
    [
      'a tensor without a name',
      x,
      'inputs must be a record or a list of tensors. Received: Tensor. Give the tensor a name, such as { x }.',
    ],
    [
      'two of one path',
      { x, ids, 'a.b': x, a: { b: x } },
      'a.b must be the path of one tensor. Received: two, since a name holds a dot.',
    ],
  ])('%s', async (_, inputs, message) => {
    const count = await countSessions()
    const error = await rejection(compiled(inputs as unknown as Inputs))
    expect([error.name, error.message]).toEqual(['InvalidArgumentError', message])
    expect(count.made).toBe(0)
  })
})

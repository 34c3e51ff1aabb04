import { describe, expect, test } from 'vitest'
import { quantizeGraph } from '../../src'
import { constant, countOf, draw, graphOf, op, relativeDistance, roundEven, run } from './graphs'

const [ROWS, INSIDE, COLUMNS] = [5, 24, 40]
const weight = draw(COLUMNS * INSIDE, 2) // [columns, inside]
const bias = draw(COLUMNS, 3)
const x = { data: draw(ROWS * INSIDE, 4).map(value => 3 * value + 1), shape: [ROWS, INSIDE] }

/** ONNX's `DynamicQuantizeLinear`, then whole numbers all the way: what a product of bytes is, up to a greatest weight. */
function exactly(data: Float32Array, most: number): number[] {
  const least = Math.min(0, ...data)
  const greatest = Math.max(0, ...data)
  const scale = Math.fround(Math.fround(greatest - least) / 255)
  const zero = roundEven(Math.min(255, Math.max(0, -least / scale)))
  const bytes = Array.from(data, value =>
    Math.min(255, Math.max(0, roundEven(Math.fround(value / scale)) + zero)),
  )
  const result: number[] = []
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const numbers = weight.subarray(column * INSIDE, (column + 1) * INSIDE)
      const step = Math.fround(Math.max(...numbers.map(Math.abs)) / most)
      let sum = 0
      for (let i = 0; i < INSIDE; i++) {
        sum += (bytes[row * INSIDE + i]! - zero) * Math.round(numbers[i]! / step)
      }
      result.push(sum * scale * step + bias[column]!)
    }
  }
  return result
}

const shapes = { x: ['rows', INSIDE], y: ['rows', COLUMNS] }
const transposed = Float32Array.from(
  { length: weight.length },
  (_, i) => weight[(i % COLUMNS) * INSIDE + Math.floor(i / COLUMNS)]!,
)
const spellings = {
  'Gemm, weight as it is': graphOf(
    shapes,
    [op('Gemm', ['x', 'weight', 'bias'], 'y', { transA: 0, transB: 0 })],
    [constant('weight', [INSIDE, COLUMNS], transposed), constant('bias', [COLUMNS], bias)],
  ),
  'Gemm, weight transposed': graphOf(
    shapes,
    [op('Gemm', ['x', 'weight', 'bias'], 'y', { transA: 0, transB: 1 })],
    [constant('weight', [COLUMNS, INSIDE], weight), constant('bias', [COLUMNS], bias)],
  ),
  'MatMul and Add': graphOf(
    shapes,
    [op('MatMul', ['x', 'weight'], 'product'), op('Add', ['product', 'bias'], 'y')],
    [constant('weight', [INSIDE, COLUMNS], transposed), constant('bias', [COLUMNS], bias)],
  ),
}

const GREATEST = { int7: 64, uint8: 127, int8: 127 } as const

describe.each(Object.entries(spellings))('%s', (_, graph) => {
  test.each(['int7', 'uint8', 'int8'] as const)(
    '%s: is the product of whole numbers, and close to the float one',
    async type => {
      const { graph: quantized, counts, weights } = await quantizeGraph(graph, { weights: type })
      expect(counts).toEqual({ products: 1, convolutions: 0, tables: 0 })
      expect(weights).toEqual({ int7: 0, uint8: 0, int8: 0, [type]: 1 })
      const received = await run(quantized, x)
      expect(relativeDistance(exactly(x.data, GREATEST[type]), received)).toBeLessThan(1e-6)
      const distance = relativeDistance(await run(graph, x), received)
      expect(distance).toBeGreaterThan(0)
      expect(distance).toBeLessThan(0.02)
      expect(quantized.initializers.map(({ name }) => name).sort()).toEqual([
        'bias',
        'weight_quantized',
        'weight_scale',
        ...(type === 'uint8' ? ['weight_zero_point'] : []),
      ])
    },
  )
})

test('the greatest bytes add up to what they are: no pair saturates', async () => {
  const one = constant('weight', [COLUMNS, INSIDE], new Float32Array(COLUMNS * INSIDE).fill(1))
  const node = op('Gemm', ['x', 'weight'], 'y', { transA: 0, transB: 1 })
  const graph = graphOf(shapes, [node], [one])
  const ones = { data: new Float32Array(ROWS * INSIDE).fill(1), shape: [ROWS, INSIDE] }
  for (const weights of ['int7', 'uint8', 'int8'] as const) {
    const received = await run((await quantizeGraph(graph, { weights })).graph, ones)
    for (const sum of received) expect(sum).toBeCloseTo(INSIDE, 4)
  }
})

test('every weight may have a type of its own; an unknown one is refused', async () => {
  const graph = graphOf(
    shapes,
    [op('MatMul', ['x', 'first'], 'a'), op('MatMul', ['x', 'second'], 'b'), op('Add', ['a', 'b'], 'y')],
    [
      constant('first', [INSIDE, COLUMNS], transposed),
      constant('second', [INSIDE, COLUMNS], draw(INSIDE * COLUMNS, 9)),
    ],
  )
  const choose = (name: string) => (name === 'first' ? 'uint8' : 'int7')
  const { graph: quantized, weights } = await quantizeGraph(graph, { weights: choose })
  expect(weights).toEqual({ int7: 1, uint8: 1, int8: 0 })
  const typeOf = (name: string) => quantized.initializers.find(one => one.name === `${name}_quantized`)?.type
  expect([typeOf('first'), typeOf('second')]).toEqual(['uint8', 'int8'])
  expect(relativeDistance(await run(graph, x), await run(quantized, x))).toBeLessThan(0.02)
  await expect(quantizeGraph(graph, { weights: 'int4' as 'int8' })).rejects.toThrow(
    'weights must be one of int7, uint8, int8',
  )
})

test('what is read by several products is brought to int8 once', async () => {
  const graph = graphOf(
    shapes,
    [
      op('MatMul', ['x', 'first'], 'a'),
      op('MatMul', ['x', 'second'], 'b'),
      op('MatMul', ['x', 'first'], 'c'),
      op('Add', ['a', 'b'], 'ab'),
      op('Add', ['ab', 'c'], 'y'),
    ],
    [
      constant('first', [INSIDE, COLUMNS], transposed),
      constant('second', [INSIDE, COLUMNS], draw(INSIDE * COLUMNS, 9)),
    ],
  )
  const { graph: quantized } = await quantizeGraph(graph)
  expect(countOf(quantized, 'DynamicQuantizeLinear')).toBe(1)
  expect(countOf(quantized, 'MatMulInteger')).toBe(3)
  expect(quantized.initializers).toHaveLength(4)
  expect(relativeDistance(await run(graph, x), await run(quantized, x))).toBeLessThan(0.02)
})

test.each([
  ['few columns', [16, 31], {}],
  // 255 * 127 * 70000 is more than int32 holds.
  ['sums that may leave int32', [70_000, 32], {}],
  ['a factor of its own', [16, 40], { alpha: { float: 2 } }],
] as const)('stays float: %s', async (_, [inside, columns], attributes) => {
  const graph = graphOf(
    { x: ['rows', inside], y: ['rows', columns] },
    [op('Gemm', ['x', 'weight'], 'y', { transA: 0, transB: 0, ...attributes })],
    [constant('weight', [inside, columns], new Float32Array(inside * columns))],
  )
  expect((await quantizeGraph(graph)).graph.nodes).toEqual(graph.nodes)
})

test('a product of two computed matrices stays float', async () => {
  const graph = graphOf(
    { x: ['rows', 40], y: ['rows', 'rows'] },
    [op('Gemm', ['x', 'x'], 'y', { transA: 0, transB: 1 })],
    [],
  )
  expect((await quantizeGraph(graph)).graph.nodes).toEqual(graph.nodes)
})

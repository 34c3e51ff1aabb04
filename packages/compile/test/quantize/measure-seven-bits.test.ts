import { expect, test } from 'vitest'
import { createQuantizer, quantizeGraph } from '../../src'
import { constant, draw, graphOf, op, run } from './graphs'

const [ROWS, INSIDE, COLUMNS] = [5, 24, 40]
const x = { data: draw(ROWS * INSIDE, 4), shape: [ROWS, INSIDE] }

/** One number per column is forty times as large as the others, which are then few steps of it. */
const spiky = draw(INSIDE * COLUMNS, 2).map((value, i) => (i < COLUMNS ? 40 : value))
const even = draw(INSIDE * COLUMNS, 3)
const graph = graphOf(
  { x: ['rows', INSIDE], y: ['rows', COLUMNS] },
  [op('MatMul', ['x', 'spiky'], 'a'), op('MatMul', ['x', 'even'], 'b'), op('Add', ['a', 'b'], 'y')],
  [constant('spiky', [INSIDE, COLUMNS], spiky), constant('even', [INSIDE, COLUMNS], even)],
)

/** What 7 bits change in a product, worked out from the numbers. */
function shareLost(weight: Float32Array): number {
  const steps = Array.from(
    { length: COLUMNS },
    (_, column) =>
      Math.max(...Array.from({ length: INSIDE }, (_, i) => Math.abs(weight[i * COLUMNS + column]!))) / 64,
  )
  let [lost, whole] = [0, 0]
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let [difference, sum] = [0, 0]
      for (let i = 0; i < INSIDE; i++) {
        const number = weight[i * COLUMNS + column]!
        const restored = Math.round(number / steps[column]!) * steps[column]!
        difference += x.data[row * INSIDE + i]! * (restored - number)
        sum += x.data[row * INSIDE + i]! * number
      }
      lost += difference ** 2
      whole += sum ** 2
    }
  }
  return Math.sqrt(lost / whole)
}

test('what 7 bits cost a weight is told from what they cost another', async () => {
  const quantizer = await createQuantizer(graph)
  expect(quantizer.weights).toEqual(['spiky', 'even'])
  const lost = await quantizer.measureSevenBits([{ x }])
  for (const [name, weight] of [
    ['spiky', spiky],
    ['even', even],
  ] as const) {
    const expected = shareLost(weight)
    expect(Math.abs(lost.get(name)! - expected)).toBeLessThan(1e-3 * expected)
  }
})

test('of convolutions too', async () => {
  const convolved = graphOf(
    { x: ['batch', 1, 1, 4], y: ['batch', 1, 1, 4] },
    [op('Conv', ['x', 'weight', 'bias'], 'y', { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] })],
    // The only number of a channel is its greatest: 7 bits hold it exactly. The bias is left alone.
    [constant('weight', [1, 1, 1, 1], Float32Array.of(3)), constant('bias', [1], Float32Array.of(0.3))],
  )
  const sample = { x: { data: Float32Array.of(1, 2, 3, 4), shape: [1, 1, 1, 4] } }
  const quantizer = await createQuantizer(convolved, { calibration: [sample] })
  expect((await quantizer.measureSevenBits([sample])).get('weight')).toBeLessThan(1e-6)
})

test('a quantizer writes the same graph as quantizeGraph, as often as it is asked', async () => {
  const quantizer = await createQuantizer(graph)
  for (const weights of ['uint8', 'int7'] as const) {
    const once = quantizer.quantize(weights).graph
    expect(once.nodes).toEqual((await quantizeGraph(graph, { weights })).graph.nodes)
    expect(await run(once, x)).toEqual(await run((await quantizeGraph(graph, { weights })).graph, x))
  }
})

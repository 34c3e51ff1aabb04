import { expect, test } from 'vitest'
import { foldBatchNorm } from '../../src/quantize/fold-batch-norm'
import { foldConstants } from '../../src/quantize/fold-constants'
import { constant, draw, graphOf, op, relativeDistance, run } from './graphs'

const shapes = { x: ['batch', 2, 'height', 'width'], y: ['batch', 3, 'height', 'width'] }
const x = { data: draw(2 * 5 * 5, 4), shape: [1, 2, 5, 5] }
const filter = constant('weight', [3, 2, 3, 3], draw(54, 2))
const spread = (name: string, shape: readonly number[], seed: number) =>
  constant(
    name,
    shape,
    draw(3, seed).map(value => 1.5 + value),
  )

test('what scales and shifts channels becomes part of the convolution', async () => {
  const graph = graphOf(
    shapes,
    [
      op('Conv', ['x', 'weight'], 'map', { kernel_shape: [3, 3] }),
      op('BatchNormalization', ['map', 'scale', 'shift', 'mean', 'variance'], 'normalised', {
        epsilon: { float: 1e-3 },
      }),
      op('Mul', ['factor', 'normalised'], 'multiplied'),
      op('Add', ['multiplied', 'summand'], 'y'),
    ],
    [
      filter,
      spread('scale', [3], 5),
      spread('shift', [3], 6),
      spread('mean', [3], 7),
      spread('variance', [3], 8),
      spread('factor', [3, 1, 1], 9),
      spread('summand', [1, 3, 1, 1], 10),
    ],
  )
  const folded = foldBatchNorm(graph)
  expect(folded.nodes.map(node => node.op)).toEqual(['Conv'])
  expect(folded.initializers).toHaveLength(2)
  expect(relativeDistance(await run(graph, x), await run(folded, x))).toBeLessThan(1e-6)
})

test('what others read of a convolution, and what does not lie along the channels, is left alone', () => {
  const readTwice = graphOf(
    shapes,
    [
      op('Conv', ['x', 'weight'], 'map', { kernel_shape: [3, 3] }),
      op('Mul', ['map', 'factor'], 'scaled'),
      op('Add', ['map', 'scaled'], 'y'),
    ],
    [filter, spread('factor', [3, 1, 1], 9)],
  )
  expect(foldBatchNorm(readTwice)).toBe(readTwice)
  const alongWidth = graphOf(
    shapes,
    [op('Conv', ['x', 'weight'], 'map', { kernel_shape: [3, 3] }), op('Mul', ['map', 'factor'], 'y')],
    [filter, spread('factor', [3], 9)],
  )
  expect(foldBatchNorm(alongWidth)).toBe(alongWidth)
})

test('what depends on constants alone is computed once and named after what it was made of', async () => {
  const graph = graphOf(
    { x: ['rows', 3], y: ['rows', 3] },
    [
      op('Sqrt', ['variance'], 'deviation'),
      op('Div', ['weight', 'deviation'], 'scaled'),
      op('Transpose', ['scaled'], 'turned', { perm: [1, 0] }),
      op('MatMul', ['x', 'turned'], 'product'),
      op('Add', ['product', 'deviation'], 'y'),
    ],
    [constant('weight', [3, 3], draw(9, 2)), constant('variance', [3], Float32Array.of(1, 4, 9))],
  )
  const folded = await foldConstants(graph)
  expect(folded.nodes.map(node => node.op)).toEqual(['MatMul', 'Add'])
  expect(folded.initializers.map(({ name }) => name)).toEqual(['variance_folded', 'weight_folded'])
  expect([...folded.initializers[0]!.data]).toEqual([1, 2, 3])
  const rows = { data: draw(6, 3), shape: [2, 3] }
  expect(relativeDistance(await run(graph, rows), await run(folded, rows))).toBeLessThan(1e-6)
})

test('a graph without such nodes stays as it is', async () => {
  const graph = graphOf({ x: ['rows'], y: ['rows'] }, [op('Sqrt', ['x'], 'y')], [])
  expect(await foldConstants(graph)).toBe(graph)
})

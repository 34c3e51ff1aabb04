import { expect, test } from 'vitest'
import { createSession, type OnnxGraph, quantizeGraph } from '../../src'
import { constant, draw, op } from './graphs'

const [ROWS, WIDTH] = [50, 8]
const table = draw(ROWS * WIDTH, 2).map((value, i) => value * (1 + Math.floor(i / WIDTH)))

function lookup(extra: OnnxGraph['nodes'] = []): OnnxGraph {
  const ids = { name: 'ids', type: 'int32' as const, shape: ['batch', 'tokens'] }
  const y = { name: 'y', type: 'float32' as const, shape: ['batch', 'tokens', WIDTH] }
  const weights = constant('table', [ROWS, WIDTH], table)
  return {
    nodes: [op('Gather', ['table', 'ids'], 'y', { axis: 0 }), ...extra],
    inputs: [ids],
    outputs: [y],
    initializers: [weights],
    tensors: new Map([ids, y, weights].map(spec => [spec.name, spec])),
  }
}

test('rows come back within half a step of their own', async () => {
  const { graph, counts } = await quantizeGraph(lookup(), { leastRows: ROWS })
  expect(counts.tables).toBe(1)
  const session = await createSession(graph, { threads: 1 })
  const ids = Int32Array.of(0, 49, 7, 7, 30, 1)
  const { y } = await session.run({ ids: { data: ids, shape: [2, 3] } })
  await session.dispose()
  expect(y!.shape).toEqual([2, 3, WIDTH])
  for (const [place, id] of ids.entries()) {
    const row = table.subarray(id * WIDTH, (id + 1) * WIDTH)
    const half = Math.max(...row.map(Math.abs)) / 127 / 2
    for (let i = 0; i < WIDTH; i++) {
      expect(Math.abs(Number(y!.data[place * WIDTH + i]) - row[i]!)).toBeLessThanOrEqual(half * 1.001)
    }
  }
})

test('a small table, and one that a float product reads too, stay float', async () => {
  expect((await quantizeGraph(lookup(), { leastRows: ROWS + 1 })).counts.tables).toBe(0)
  const scores = lookup([op('Gemm', ['x', 'table'], 'scores', { transA: 0, transB: 1 })])
  for (const [list, name, columns] of [
    [scores.inputs, 'x', WIDTH],
    [scores.outputs, 'scores', ROWS],
  ] as const) {
    const spec = { name, type: 'float32' as const, shape: ['rows', columns] }
    list.push(spec)
    scores.tensors.set(name, spec)
  }
  const { counts } = await quantizeGraph(scores, { leastRows: ROWS, leastColumns: ROWS + 1 })
  expect(counts).toEqual({ products: 0, convolutions: 0, tables: 0 })
  const both = await quantizeGraph(scores, { leastRows: ROWS, leastColumns: ROWS })
  expect(both.counts).toEqual({ products: 1, convolutions: 0, tables: 1 })
})

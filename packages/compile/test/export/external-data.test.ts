import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeForFiles, encodeModel, openOnnx } from '../../src'
import { constant, draw, graphOf, op, run } from '../quantize/graphs'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-external-'))
})
afterAll(() => rm(folder, { recursive: true }))

const WIDTH = 520
const graph = graphOf(
  { x: ['rows', WIDTH], y: ['rows', 4] },
  [
    op('MatMul', ['x', 'large'], 'a'),
    op('Add', ['a', 'medium'], 'b'),
    op('Slice', ['b', 'from', 'to', 'axes'], 'y'),
  ],
  [
    constant('from', [1], BigInt64Array.of(0n), 'int64'),
    constant('medium', [WIDTH], draw(WIDTH, 3)),
    constant('large', [WIDTH, WIDTH], draw(WIDTH * WIDTH, 2)),
    constant('to', [1], BigInt64Array.of(4n), 'int64'),
    constant('axes', [1], BigInt64Array.of(1n), 'int64'),
  ],
)

test('large numbers lie in a file of their own, on pages, and are found from there', async () => {
  const { model, data } = encodeForFiles(graph, { location: 'numbers.data', externalAbove: 1e6 })
  const chunks = [...data!.chunks()]
  expect(model.byteLength).toBeLessThan(2000)
  // 520 numbers on the first page, 520 x 520 on the next page of the kind that every system can map.
  expect(chunks.map(({ byteLength }) => byteLength)).toEqual([
    4 * WIDTH,
    65_536 - 4 * WIDTH,
    4 * WIDTH * WIDTH,
  ])
  expect(data!.size).toBe(65_536 + 4 * WIDTH * WIDTH)
  await writeFile(join(folder, 'model.onnx'), model)
  await writeFile(join(folder, 'numbers.data'), Buffer.concat(chunks))

  const opened = await openOnnx(join(folder, 'model.onnx'), { threads: 1 })
  expect(opened.inputs).toEqual(['x'])
  expect(opened.outputs).toEqual(['y'])
  const x = { data: draw(3 * WIDTH, 4), shape: [3, WIDTH] }
  const { y } = await opened.run({ x })
  await opened.dispose()
  expect([...y!.data]).toEqual(await run(graph, x))
})

test('what fits into the model stays there', () => {
  const { model, data } = encodeForFiles(graph, { location: 'numbers.data' })
  expect(data).toBeUndefined()
  expect(Buffer.compare(model, encodeModel(graph))).toBe(0)
})

test('more than one file can hold is refused before anything is copied', () => {
  const huge = { ...graph.initializers[1]!, data: { byteLength: 2.2 * 2 ** 30 } as Float32Array }
  expect(() => encodeModel({ ...graph, initializers: [huge] })).toThrow(
    'graph must have less than 2 GiB of numbers to be one file. Received: 2.2 GiB. Write it as a model with a file',
  )
})

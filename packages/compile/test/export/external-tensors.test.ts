import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ExternalTensor, embedExternal, encodeForFiles, externalTensors, openOnnx } from '../../src'
import { constant, draw, graphOf, op } from '../quantize/graphs'
import { bytesOf, message, numberOf } from './wire'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-external-'))
})
afterAll(() => rm(folder, { recursive: true }))

const FLOAT = 1
const INT64 = 7
const GRAPH = 5
const INTS = 7

/** A tensor whose numbers lie beside the model: dims 1, type 2, name 8, external data 13, location 14. */
const external = (name: string, shape: number[], type: number, entries: Record<string, string | number>) =>
  message(
    ...shape.map(length => numberOf(1, length)),
    numberOf(2, type),
    bytesOf(8, name),
    ...Object.entries(entries).map(([key, value]) =>
      bytesOf(13, message(bytesOf(1, key), bytesOf(2, String(value)))),
    ),
    numberOf(14, 1),
  )

const valueInfo = (name: string, type: number, shape: number[]) => {
  const lengths = message(...shape.map(length => bytesOf(1, message(numberOf(1, length)))))
  return message(
    bytesOf(1, name),
    bytesOf(2, message(bytesOf(1, message(numberOf(1, type), bytesOf(2, lengths))))),
  )
}

const node = (op: string, inputs: string[], outputs: string[], ...attributes: Uint8Array[]) =>
  message(
    ...inputs.map(input => bytesOf(1, input)),
    ...outputs.map(output => bytesOf(2, output)),
    bytesOf(4, op),
    ...attributes.map(attribute => bytesOf(5, attribute)),
  )

const modelOf = (...graph: Uint8Array[]) =>
  message(
    numberOf(1, 8),
    bytesOf(7, message(bytesOf(2, 'graph'), ...graph)),
    bytesOf(8, message(bytesOf(1, ''), numberOf(2, 13))),
  )

/**
 * y = 2 x[0:] where `yes`, else -x: the 2 lies within a constant of a subgraph, and the slice ends at the greatest number of
 * 64 bits, which no number of JavaScript is.
 */
const nested = (): Uint8Array => {
  const branch = (name: string, ...nodes: Uint8Array[]) =>
    bytesOf(
      5,
      message(
        bytesOf(1, `${name}_branch`),
        numberOf(20, GRAPH),
        bytesOf(
          6,
          message(
            ...nodes.map(each => bytesOf(1, each)),
            bytesOf(2, name),
            bytesOf(12, valueInfo(name, FLOAT, [4])),
          ),
        ),
      ),
    )
  const two = external('two', [4], FLOAT, { location: 'deep/two.bin', offset: 8, length: 16 })
  const end = message(bytesOf(1, 'value_ints'), numberOf(20, INTS), numberOf(8, 2n ** 63n - 1n))
  return modelOf(
    bytesOf(1, node('Constant', [], ['end'], end)),
    bytesOf(1, node('Slice', ['x', 'zero', 'end'], ['all'])),
    bytesOf(
      1,
      message(
        bytesOf(1, 'yes'),
        bytesOf(2, 'y'),
        bytesOf(4, 'If'),
        branch(
          'then',
          node('Constant', [], ['two'], message(bytesOf(1, 'value'), numberOf(20, 4), bytesOf(5, two))),
          node('Mul', ['all', 'two'], ['then']),
        ),
        branch('else', node('Neg', ['all'], ['else'])),
      ),
    ),
    bytesOf(5, external('zero', [1], INT64, { location: 'zero.bin' })),
    bytesOf(11, valueInfo('x', FLOAT, [4])),
    bytesOf(11, valueInfo('yes', 9, [])),
    bytesOf(12, valueInfo('y', FLOAT, [4])),
  )
}

const BESIDE: Record<string, Uint8Array> = {
  'deep/two.bin': new Uint8Array(Float32Array.of(9, 9, 2, 2, 2, 2).buffer),
  'zero.bin': new Uint8Array(8),
}
const read = async ({ location, offset, length }: ExternalTensor) =>
  BESIDE[location]!.subarray(offset, offset + length)

test('numbers beside a model are moved into it, from subgraphs and attributes too, and all else stays', async () => {
  const model = nested()
  expect(externalTensors(model).sort((a, b) => a.length - b.length)).toEqual([
    { tensor: 'zero', location: 'zero.bin', offset: 0, length: 8 },
    { tensor: 'two', location: 'deep/two.bin', offset: 8, length: 16 },
  ])
  const whole = await embedExternal(model, read)
  expect(externalTensors(whole)).toEqual([])
  expect(await embedExternal(whole, read)).toBe(whole)
  const opened = await openOnnx(whole, { threads: 1 })
  const x = { data: Float32Array.of(1, 2, 3, 4), shape: [4] }
  const run = async (yes: number) => [
    ...(await opened.run({ x, yes: { data: Uint8Array.of(yes), shape: [] } })).y!.data,
  ]
  expect([await run(1), await run(0)]).toEqual([
    [2, 4, 6, 8],
    [-1, -2, -3, -4],
  ])
  await opened.dispose()
})

describe('refused, with the tensor and the file', () => {
  test('bytes with numbers outside, in a thread too: there is no folder to look in', async () => {
    for (const worker of [false, true]) {
      await expect(openOnnx(nested(), { worker })).rejects.toThrow(
        'model must hold all its numbers where it is given as bytes. Received: the tensor "',
      )
    }
  })

  test.each<[string, Record<string, string | number>, string]>([
    ['no file', {}, 'must lie in a file of the model'],
    ['an absolute path', { location: '/etc/passwd' }, 'Received: /etc/passwd'],
    ['a drive of Windows', { location: 'C:data.bin' }, 'Received: C:data.bin'],
    ['a share of Windows', { location: '\\\\host\\data.bin' }, 'Received: \\\\host'],
    ['a folder above', { location: 'a/../../data.bin' }, 'Received: a/../../data.bin'],
    ['the same under Windows', { location: '..\\data.bin' }, 'Received: ..\\data.bin'],
    ['another length', { location: 'a.bin', length: 12 }, 'must be 16 bytes long, as its shape [4] is'],
    ['a negative offset', { location: 'a.bin', offset: -8 }, 'must have a whole number as its offset'],
  ])('%s', async (_, entries, rule) => {
    const model = modelOf(bytesOf(5, external('weights', [4], FLOAT, entries)))
    const file = join(folder, 'model.onnx')
    await writeFile(file, model)
    for (const opened of [
      () => embedExternal(model, read, file),
      () => openOnnx(file),
      () => openOnnx(model),
    ]) {
      const received = await opened().then(
        () => 'nothing was refused',
        error => (error as Error).message,
      )
      expect(received).toContain(rule)
      expect(received).toMatch(/^tensor "weights" of .*model/)
    }
  })

  test('strings, and what is cut off', async () => {
    const text = modelOf(bytesOf(5, external('words', [4], 8, { location: 'a.bin' })))
    expect(() => externalTensors(text)).toThrow(
      'must be of a type whose numbers may lie in a file. Received: 8',
    )
    await expect(embedExternal(nested(), async () => new Uint8Array(7))).rejects.toThrow(
      /tensor ".*" of model must have (16 bytes from 8|8 bytes from 0) on in .*\.bin. Received: 7 bytes/,
    )
    await expect(openOnnx(nested().subarray(0, 100))).rejects.toThrow(
      'model must be an ONNX model. Received: 100',
    )
    const huge = modelOf(bytesOf(5, external('huge', [2 ** 20, 2 ** 10], FLOAT, { location: 'a.bin' })))
    await expect(embedExternal(huge, read)).rejects.toThrow('must have less than 2 GiB of numbers')
  })
})

test('by its path a model finds what lies in its own folder, whole, and nothing else', async () => {
  const graph = graphOf(
    { x: ['rows', 300], y: ['rows', 300] },
    [op('Add', ['x', 'weights'], 'y')],
    [constant('weights', [300], draw(300, 3))],
  )
  const { model, data } = encodeForFiles(graph, { location: 'numbers.data', externalAbove: 0 })
  const place = join(folder, 'own')
  await mkdir(place)
  const file = join(place, 'model.onnx')
  await writeFile(file, model)
  await expect(openOnnx(file)).rejects.toThrow(
    `tensor "weights" of ${file} must have 1200 bytes from 0 on in numbers.data, beside the model. Received: no such file`,
  )
  const numbers = Buffer.concat([...data!.chunks()])
  await writeFile(join(place, 'numbers.data'), numbers.subarray(1))
  await expect(openOnnx(file)).rejects.toThrow('Received: a file of 1199 bytes')
  await writeFile(join(place, 'numbers.data'), numbers)
  const opened = await openOnnx(file, { threads: 1 })
  const { y } = await opened.run({ x: { data: new Float32Array(300), shape: [1, 300] } })
  expect(y!.data).toEqual(draw(300, 3))
  await opened.dispose()
  await expect(openOnnx(join(place, 'lost.onnx'))).rejects.toThrow(
    'model must be a readable file. Received: ',
  )
})

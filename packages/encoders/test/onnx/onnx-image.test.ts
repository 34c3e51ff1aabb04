import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeForFiles, exportGraph } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import { digestOf } from '@mafjs/tensor/files'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InferenceSession } from 'onnxruntime-node'
import { describe, expect, test, vi } from 'vitest'
import type { PictureArrays } from '../../src/image/image-arrays'
import { loadOnnxImage } from '../../src/onnx/load-onnx-image'
import { createOnnxImage, type OnnxImage } from '../../src/onnx/onnx-image'
import type { OnnxImageOptions } from '../../src/onnx/onnx-image-options'
import { newFolder } from '../new-folder'
import { TINY, tinyMap, writeTinyOnnx } from './write-onnx'

const COUNT = 5
const { size, regions, channels } = TINY

/** Five pictures of noise, of which the second and the last are not there. */
const pictures = (): PictureArrays => ({
  pixels: {
    data: uniform(COUNT * size * size * 3, { seed: 1, site: 'pictures' }),
    shape: [COUNT, size, size, 3],
  },
  present: { data: Float32Array.of(1, 0, 1, 1, 0), shape: [COUNT] },
})

/** What tfjs makes of the pictures that are there, and zeros for the others. */
async function expected(): Promise<{ states: number[]; summary: number[] }> {
  await useBackend('cpu')
  return tf.tidy(() => {
    const { pixels, present } = pictures()
    const map = tinyMap(tf.tensor<tf.Rank.R4>(pixels.data, pixels.shape as Tensor4D['shape']))
    const there = tf.tensor1d(present.data)
    const rows = tf.mul(tf.reshape(map, [COUNT, -1]), tf.reshape(there, [COUNT, 1]))
    const states = tf.reshape(rows, [COUNT, regions, channels])
    return { states: [...states.dataSync()], summary: [...tf.mean(states, 1).dataSync()] }
  })
}

const expectClose = (received: Float32Array, wanted: readonly number[]): void => {
  expect(received.length).toBe(wanted.length)
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - received[i]!)), 0)
  expect(worst).toBeLessThan(1e-5)
  expect(Math.max(...received)).toBeGreaterThan(0.1)
}

describe('the encoding is what tfjs makes of the same pictures', () => {
  test.each([
    [{ layout: 'NCHW', batch: 'batch' }, 'first'],
    [{ layout: 'NHWC', batch: 'batch' }, 'last'],
    [{ layout: 'NCHW', batch: 1 }, 'last'],
    [{ layout: 'NHWC', batch: 2 }, 'sequence'],
  ] as const)('%j, regions of %s', async (options, regionsOutput) => {
    const file = await writeTinyOnnx(options)
    const { states, summary } = await expected()
    const { onnxImage, preparation } = await loadOnnxImage(file, { regionsOutput })
    expect(preparation).toMatchObject({ size, resize: 14, fit: 'crop' })
    expect(onnxImage.config).toMatchObject({ regions, channels, imageSize: size })
    const encoder = onnxImage.open({ threads: 1 })
    const encoded = await encoder.encode(pictures())
    expectClose(encoded.states.data, states)
    expectClose(encoded.summary.data, summary)
    expect([encoded.states.shape, encoded.summary.shape]).toEqual([
      [COUNT, regions, channels],
      [COUNT, channels],
    ])
    const masks = tf.tensor(encoded.mask.data, [...encoded.mask.shape])
    for (const edge of [tf.min(masks, 1), tf.max(masks, 1)]) expect(edge.arraySync()).toEqual([1, 0, 1, 1, 0])
    await encoder.dispose()
  })

  test.each(['pooled', 'most'])('with %s as its summary, in a thread of its own', async summaryOutput => {
    const file = await writeTinyOnnx()
    const { states, summary } = await expected()
    const { onnxImage } = await loadOnnxImage(file, { regionsOutput: 'first', summaryOutput })
    const encoder = onnxImage.open({ threads: 1, worker: true })
    const encoded = await encoder.encode(pictures())
    expectClose(encoded.states.data, states)
    const isMean = summary.every((value, i) => Math.abs(value - encoded.summary.data[i]!) < 1e-5)
    expect(isMean).toBe(summaryOutput === 'pooled')
    await encoder.dispose()
  })
})

test('no pictures, no run; who opens it alike shares a session, which ends with the last of them', async () => {
  const file = await writeTinyOnnx()
  const { onnxImage } = await loadOnnxImage(file, { regionsOutput: 'first' })
  const sessions = vi.spyOn(InferenceSession, 'create')
  try {
    const [one, two] = [onnxImage.open({ threads: 1 }), onnxImage.open({ threads: 1 })]
    const none = { ...pictures(), present: { data: new Float32Array(COUNT), shape: [COUNT] } }
    const [empty, full] = await Promise.all([one.encode(none), two.encode(pictures())])
    expect(Math.max(...empty.states.data, ...empty.mask.data)).toBe(0)
    await one.dispose()
    await one.dispose()
    expect((await two.encode(pictures())).states.data).toEqual(full.states.data)
    await two.dispose()
    expect(sessions).toHaveBeenCalledTimes(1)
    const again = onnxImage.open({ threads: 1 })
    expect((await again.encode(pictures())).states.data).toEqual(full.states.data)
    expect(sessions).toHaveBeenCalledTimes(2)
    await again.dispose()
  } finally {
    sessions.mockRestore()
  }
})

test('pictures are prepared as the options or the file of a processor say', async () => {
  const file = await writeTinyOnnx()
  const options = { regionsOutput: 'first', pictureMean: [0, 0, 0], pictureDeviation: [1, 1, 0.5] }
  expect((await loadOnnxImage(file, options)).preparation).toMatchObject({
    mean: [0, 0, 0],
    deviation: [1, 1, 0.5],
  })
  const preprocessor = `${file}.json`
  const vit = { image_processor_type: 'ViTImageProcessor', size }
  await writeFile(preprocessor, JSON.stringify(vit))
  expect((await loadOnnxImage(file, { regionsOutput: 'first', preprocessor })).preparation).toEqual({
    size,
    resize: size,
    fit: 'stretch',
    resample: 'bilinear',
    halfPixel: 'down',
    mean: [0.5, 0.5, 0.5],
    deviation: [0.5, 0.5, 0.5],
  })
  await expect(loadOnnxImage(file, { ...options, preprocessor })).rejects.toThrow(
    'preprocessor must be given',
  )
  await writeFile(preprocessor, JSON.stringify({ ...vit, size: 224 }))
  const wrong = loadOnnxImage(file, { regionsOutput: 'first', preprocessor })
  await expect(wrong).rejects.toThrow(/must be 12, the size that .*image\.onnx reads. Received: 224/)
})

describe('refused, with what settles it', () => {
  test.each<[OnnxImageOptions, RegExp]>([
    [{}, /regionsOutput must name an output of .*: last, first, .*whole. Received: nothing/],
    [{ regionsOutput: 'lost' }, /regionsOutput must name an output .*Received: lost/],
    [{ regionsOutput: 'first', summaryOutput: 'lost' }, /summaryOutput must name/],
    [{ regionsOutput: 'pooled' }, /pooled must be a map .*Received: \[2, 5\]/],
    [{ regionsOutput: 'cube' }, /cube must show where its channels are/],
    [{ regionsOutput: 'whole' }, /whole must be float32 with the pictures as its first axis: 2 of them/],
    [{ regionsOutput: 'first', summaryOutput: 'sequence' }, /sequence must be \[pictures, 5\]/],
    [{ regionsOutput: 'first', pictureSize: 224 }, /pictureSize must be 12, the size that/],
    [{ regionsOutput: 'first', inputLayout: 'NHWC' }, /must have 3 channels where NHWC has them/],
    [
      { regionsOutput: 'first', inputLayout: 'CHW' as never },
      /inputLayout must be NCHW or NHWC. Received: CHW/,
    ],
  ])('%j', async (options, message) => {
    await expect(loadOnnxImage(await writeTinyOnnx(), options)).rejects.toThrow(message)
  })

  test('what is no model, and a map that is told by hand', async () => {
    const file = await writeTinyOnnx()
    const options = { regionsOutput: 'cube', regionsLayout: 'NHWC' } as const
    const { onnxImage } = await loadOnnxImage(file, options)
    expect(onnxImage.config).toMatchObject({ regionsLayout: 'NHWC', regions: 9, channels: 3 })
    const bytes = await readFile(file)
    expect(() => createOnnxImage(bytes.subarray(1), onnxImage.config, 'a.onnx')).toThrow(
      /a\.onnx must be the model whose SHA-256 is [0-9a-f]{64}/,
    )
    const damaged = { ...onnxImage.config, regions: undefined as never }
    expect(() => createOnnxImage(bytes, damaged, 'a.onnx')).toThrow(
      /a\.onnx: regions of its configuration must be a positive whole number\. Received: nothing/,
    )
    const huge = { ...onnxImage.config, regions: 2 ** 32 }
    expect(() => createOnnxImage(bytes, huge, 'a.onnx')).toThrow(/at most 67108864 numbers of a picture/)
    await writeFile(file, bytes.subarray(0, bytes.length - 9))
    await expect(loadOnnxImage(file, options)).rejects.toThrow(
      /image\.onnx must be an ONNX model\. Received: /,
    )
    await expect(loadOnnxImage('none.onnx', options)).rejects.toThrow(/none\.onnx must be a readable file/)
    const encoder = onnxImage.open({ threads: 1 })
    const small = { ...pictures(), pixels: { data: new Float32Array(12 * COUNT), shape: [COUNT, 2, 2, 3] } }
    await expect(encoder.encode(small)).rejects.toThrow('must be pictures of 12 x 12 pixels')
    await encoder.dispose()
  })
})

describe('weights in a file beside the model', () => {
  const options = { regionsOutput: 'regions' }

  /** A model whose filter lies beside it, and the same model in one file. */
  async function writePair(seed: number): Promise<{ outside: string; weights: string; inside: string }> {
    const folder = await newFolder()
    const filter = uniform(2 * 2 * 3 * 96, { seed, site: 'filter' })
    const graph = await exportGraph(
      ({ pictures }: { pictures: Tensor4D }) => ({
        regions: tf.conv2d(pictures, tf.tensor4d(filter, [2, 2, 3, 96]), 2, 'valid'),
      }),
      { pictures: { shape: ['batch', size, size, 3] } },
    )
    const { model, data } = encodeForFiles(graph, { location: 'weights.bin', externalAbove: 0 })
    const place = (name: string): string => join(folder, name)
    await writeFile(place('outside.onnx'), model)
    await writeFile(place('weights.bin'), Buffer.concat([...data!.chunks()]))
    await writeFile(place('inside.onnx'), encodeForFiles(graph, { location: 'none' }).model)
    return { outside: place('outside.onnx'), weights: place('weights.bin'), inside: place('inside.onnx') }
  }

  async function regionsOf(onnxImage: OnnxImage): Promise<Float32Array> {
    const encoder = onnxImage.open({ threads: 1 })
    const { states } = await encoder.encode(pictures())
    await encoder.dispose()
    return states.data
  }

  test('are part of it from the first reading on', async () => {
    const [one, two] = [await writePair(1), await writePair(2)]
    expect(await readFile(one.outside)).toEqual(await readFile(two.outside))
    const { onnxImage } = await loadOnnxImage(one.outside, options)
    const other = await loadOnnxImage(two.outside, options)
    expect(onnxImage.config.sha256).not.toBe(other.onnxImage.config.sha256)
    const whole = await loadOnnxImage(one.inside, options)
    await rm(one.weights)
    expect(await regionsOf(onnxImage)).toEqual(await regionsOf(whole.onnxImage))
    const copy = createOnnxImage(onnxImage.model, onnxImage.config, 'image-encoder.onnx')
    expect(await regionsOf(copy)).toEqual(await regionsOf(whole.onnxImage))
  })

  test('are missing, cut off, or not in the copy that a checkpoint holds', async () => {
    const { outside, weights } = await writePair(1)
    const bytes = await readFile(weights)
    await writeFile(weights, bytes.subarray(1))
    await expect(loadOnnxImage(outside, options)).rejects.toThrow(
      /^tensor ".*" of .*outside\.onnx must have 4608 bytes from 0 on in weights\.bin\. Received: 4607 bytes/,
    )
    await rm(weights)
    await expect(loadOnnxImage(outside, options)).rejects.toThrow(
      /must have its numbers in a readable file weights\.bin beside the model/,
    )
    const model = await readFile(outside)
    const { onnxImage } = await loadOnnxImage(await writeTinyOnnx(), { regionsOutput: 'first' })
    const config = { ...onnxImage.config, sha256: digestOf(model) }
    expect(() => createOnnxImage(model, config, 'image-encoder.onnx')).toThrow(
      /^image-encoder\.onnx must hold all its weights\. Received: the tensor ".*" in a file weights\.bin/,
    )
  })
})

test('a model in half precision is given and gives single, as near to its like in single as half is', async () => {
  const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname
  const side = 32
  const data = uniform(2 * side * side * 3, { seed: 2, site: 'half' }).map(value => value - 0.5)
  const two = {
    pixels: { data, shape: [2, side, side, 3] },
    present: { data: Float32Array.of(1, 1), shape: [2] },
  }
  const encoded = async (name: string): Promise<Float32Array> => {
    const { onnxImage } = await loadOnnxImage(fixture(name), { regionsOutput: 'f', pictureSize: side })
    const opened = onnxImage.open({ threads: 1 })
    const { states } = await opened.encode(two)
    await opened.dispose()
    return states.data
  }
  const [half, single] = [await encoded('fp16.onnx'), await encoded('ext.onnx')]
  const largest = single.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const worst = single.reduce((most, value, i) => Math.max(most, Math.abs(value - half[i]!)), 0)
  expect(half).toHaveLength(single.length)
  expect(largest).toBeGreaterThan(0.1)
  expect(worst).toBeGreaterThan(0)
  expect(worst).toBeLessThan(largest * 2 ** -9)
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openOnnx } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { loadOnnxImage } from '../../src/onnx/load-onnx-image'
import { channelsLast } from '../../src/onnx/picture-layout'
import { newFolder } from '../new-folder'
import { mobileNet, squeezeNet } from './published-networks'
import { writeOnnx } from './write-onnx'

const MODELS = join(import.meta.dirname, '../../../../../shared/models')
const SQUEEZENET = join(MODELS, 'squeezenet1.1_nchw.safetensors')
const VECTORS = join(MODELS, 'squeezenet1.1_test_vectors')
const MOBILENET = join(MODELS, 'mobilenetv2_nchw.safetensors')
const absent = [SQUEEZENET, VECTORS, MOBILENET].filter(path => !existsSync(path))
if (absent.length > 0) {
  console.warn(
    `SKIPPED: SqueezeNet and MobileNetV2 as image encoders, for want of ../shared/models (${absent.length})`,
  )
}

const SIZE = 224

/** The float32 numbers of a `.npy` file: after ten bytes and a header of the length in the last two of them. */
function readNpy(path: string): Float32Array {
  const bytes = readFileSync(path)
  const start = 10 + bytes.readUInt16LE(8)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length))
}

const expectClose = (received: ArrayLike<number>, wanted: Float32Array, tolerance: number): void => {
  expect(received.length).toBe(wanted.length)
  const largest = Math.max(...wanted.map(Math.abs))
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - received[i]!)), 0)
  expect(worst / largest).toBeLessThan(tolerance)
}

describe.skipIf(absent.length > 0)('published networks as image encoders', () => {
  test('SqueezeNet 1.1: its published outputs come out, also from the regions', async () => {
    await useBackend('cpu')
    const { network, classifier } = await squeezeNet(SQUEEZENET)
    const file = await writeOnnx(network, { size: SIZE }, await newFolder())
    const opened = await openOnnx(file, { threads: 1 })
    const { onnxImage } = await loadOnnxImage(file, { regionsOutput: 'features' })
    const encoder = onnxImage.open({ threads: 1 })
    for (const vector of ['0', '1', '2']) {
      const picture = readNpy(join(VECTORS, vector, 'input_0.npy'))
      const wanted = readNpy(join(VECTORS, vector, 'output_0.npy'))
      const { scores } = await opened.run({ pictures: { data: picture, shape: [1, 3, SIZE, SIZE] } })
      expectClose(scores!.data as Float32Array, wanted, 1e-5)
      const { states } = await encoder.encode({
        pixels: { data: channelsLast(picture, SIZE * SIZE, 3), shape: [1, SIZE, SIZE, 3] },
        present: { data: Float32Array.of(1), shape: [1] },
      })
      expect(states.shape).toEqual([1, 13 * 13, 512])
      // The classifier is a product with every region, of which the scores are the mean.
      await useBackend('wasm')
      const weight = tf.reshape(
        tf.tensor(await classifier.filter.data(), [512, 1000]),
        [512, 1000],
      ) as Tensor2D
      const rows = tf.tensor2d(states.data, [13 * 13, 512])
      const bias = tf.tensor1d((await classifier.bias.data()) as Float32Array)
      const again = tf.mean(tf.relu(tf.add(tf.matMul(rows, weight), bias)), 0)
      expectClose(again.dataSync(), wanted, 1e-5)
    }
    await encoder.dispose()
    await opened.dispose()
  })

  test('MobileNetV2: 7 x 7 x 1280 features, those of tfjs', async () => {
    await useBackend('wasm')
    const network = await mobileNet(MOBILENET)
    const data = uniform(SIZE * SIZE * 3, { seed: 1, site: 'picture' })
    const features = network(tf.tensor4d(data, [1, SIZE, SIZE, 3]) as Tensor4D)['features']!
    const wanted = Float32Array.from(features.dataSync())
    expect(features.shape).toEqual([1, 7, 7, 1280])
    const file = await writeOnnx(network, { layout: 'NHWC', size: SIZE }, await newFolder())
    const { onnxImage } = await loadOnnxImage(file, { regionsOutput: 'features' })
    expect(onnxImage.config).toMatchObject({ inputLayout: 'NHWC', regionsLayout: 'NHWC' })
    const encoder = onnxImage.open({ threads: 1 })
    const { states } = await encoder.encode({
      pixels: { data, shape: [1, SIZE, SIZE, 3] },
      present: { data: Float32Array.of(1), shape: [1] },
    })
    expectClose(states.data, wanted, 1e-4)
    await encoder.dispose()
  })
})

import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { valueAndGradients } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createImageEncoder, loadPicture, loadWeights } from '../../src'
import { loadVisionTransformer } from '../../src/checkpoint/load-vision-transformer'
import { draw, raw } from '../pictures/drawing'

beforeAll(() => {
  registerGradients()
})

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name)

/** The numbers of make-vision.py: sin(0.37 i). */
const wave = <T extends tf.Tensor>(...shape: number[]): T => {
  const size = shape.reduce((product, length) => product * length, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(0.37 * i)),
    shape,
  ) as T
}

/** What transformers computed. */
const expectedOf = async (name: string): Promise<Record<string, Float32Array>> => {
  const weights = await loadWeights(join(fixture(name), 'expected.safetensors'))
  return Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, weight.values()]))
}

function expectClose(received: Float32Array, expected: Float32Array, tolerance: number, what: string): void {
  expect(received.length, what).toBe(expected.length)
  const largest = Math.max(1, ...expected.map(Math.abs))
  const worst = received.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
  expect(worst / largest, what).toBeLessThan(tolerance)
}

const inputs = () => ({ pixels: wave<tf.Tensor4D>(2, 16, 16, 3), present: tf.ones([2]) as tf.Tensor1D })

describe.each(['vit', 'clip', 'clip-whole'])('%s against transformers', name => {
  test.each(['cpu', 'wasm'])('states, summary and the gradient of every parameter on %s', async backend => {
    await tf.setBackend(backend)
    const expected = await expectedOf(name)
    const { encoder, report } = await loadVisionTransformer(fixture(name), { trainable: true })
    const { states, summary, mask } = encoder.apply(inputs())
    expectClose(states.dataSync() as Float32Array, expected['states']!, 1e-5, 'states')
    expectClose(summary.dataSync() as Float32Array, expected['summary']!, 1e-5, 'summary')
    expect([states.shape, summary.shape, mask.shape]).toEqual([
      [2, 16, 16],
      [2, 16],
      [2, 16],
    ])
    const loss = (): tf.Scalar => {
      const out = encoder.apply(inputs(), { training: true })
      const weighted = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(x, wave(...x.shape)))
      return tf.add(weighted(out.states), weighted(out.summary)) as tf.Scalar
    }
    const { gradients } = valueAndGradients(loss, encoder.parameters())
    const known = Object.keys(encoder.parameters())
    // Those of the summary alone reach the class state, so that none is without one.
    expect(Object.keys(gradients).sort()).toEqual(known.sort())
    for (const [key, gradient] of Object.entries(gradients)) {
      const own = expected[`gradient.${key}`] ?? expected[`gradient.vision_model.${key}`]
      expectClose(gradient.dataSync() as Float32Array, own!, 1e-5, key)
    }
    expect(report.extra).toEqual(name === 'vit' ? ['pooler.dense.bias', 'pooler.dense.weight'] : [])
    expect(report.notes).toEqual(
      name === 'clip-whole' ? ['Of the CLIP, only the vision model before its projection is used.'] : [],
    )
  })

  test('prepares pictures as its processor does, to a level of 255', async () => {
    await tf.setBackend('cpu')
    const expected = await expectedOf(name)
    const { preparation } = await loadVisionTransformer(fixture(name))
    for (const [width, height] of [
      [39, 23],
      [11, 13],
      [16, 50],
    ] as const) {
      const pattern = draw(
        width,
        height,
        (x, y, c) => ((x * (3 + c) + y * (5 - c)) ^ ((x * y) >> (2 + c))) & 255,
      )
      const { pixels } = await loadPicture(await raw(pattern, width, height).png().toBuffer(), preparation)
      const wanted = expected[`prepared.${width}x${height}`]!
      const levels = pixels.map((value, i) => (value - wanted[i]!) * preparation.deviation[i % 3]! * 255)
      // Rounding after the first axis: torch resizes rows and columns in another order than Pillow does.
      expect(Math.max(...levels.map(Math.abs)), `${width}x${height}`).toBeLessThan(1.001)
      expect(levels.filter(level => Math.abs(level) > 0.5).length / levels.length).toBeLessThan(0.01)
    }
  })
})

test('a frozen one gives the same and no gradient; its configuration rebuilds it', async () => {
  await tf.setBackend('cpu')
  const { encoder } = await loadVisionTransformer(fixture('vit'))
  const { encoder: trained } = await loadVisionTransformer(fixture('vit'), { trainable: true })
  const first = encoder.apply(inputs(), { training: true })
  const second = trained.apply(inputs())
  expect(first.states.arraySync()).toEqual(second.states.arraySync())
  expect(Object.values(encoder.parameters()).some(({ trainable }) => trainable)).toBe(false)
  const config = JSON.parse(JSON.stringify(encoder.config))
  const rebuilt = createImageEncoder(config, { initialise: false })
  expect(rebuilt.config).toEqual(encoder.config)
  expect(Object.keys(rebuilt.parameters())).toEqual(Object.keys(encoder.parameters()))
  const small = { pixels: tf.zeros([1, 8, 8, 3]) as tf.Tensor4D, present: tf.ones([1]) as tf.Tensor1D }
  expect(() => encoder.apply(small)).toThrow('must have shape [batch, 16, 16, 3]. Received: [1, 8, 8, 3]')
})

describe('loadVisionTransformer refuses', () => {
  type Change = Record<string, unknown>
  const CASES: [name: string, file: string, change: Change, message: RegExp][] = [
    [
      'another model',
      'config.json',
      { model_type: 'bert' },
      /model_type must be vit, clip, clip_vision_model/,
    ],
    ['an activation it lacks', 'config.json', { hidden_act: 'relu' }, /hidden_act must be "gelu" or/],
    ['layers without biases', 'config.json', { qkv_bias: false }, /qkv_bias must be true/],
    ['grey pictures', 'config.json', { num_channels: 1 }, /num_channels must be 3/],
    ['a size that is no number', 'config.json', { hidden_size: '16' }, /hidden_size must be a number/],
    ['weights of another size', 'config.json', { patch_size: 8 }, /misshaped: .*projection\.weight/],
    [
      'pictures of another size',
      'preprocessor_config.json',
      { size: 32 },
      /its model's size, 16 x 16\. Received: 32 x 32/,
    ],
    ['another filter', 'preprocessor_config.json', { resample: 1 }, /resample must be 2 .* or 3/],
    ['padding', 'preprocessor_config.json', { do_pad: true }, /do_pad must be false/],
    [
      'another processor',
      'preprocessor_config.json',
      { image_processor_type: 'BlipImageProcessor' },
      /image_processor_type must be ViT's or CLIP's/,
    ],
    [
      'a picture that is not square',
      'preprocessor_config.json',
      { size: { shortest_edge: 16 } },
      /do_center_crop must be true/,
    ],
  ]
  const copy = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'maf-vision-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await cp(fixture('vit'), folder, { recursive: true })
    return folder
  }
  test.each(CASES)('%s', async (_, file, change, message) => {
    await tf.setBackend('cpu')
    const folder = await copy()
    const path = join(folder, file)
    const content = JSON.parse(await readFile(path, 'utf8'))
    await writeFile(path, JSON.stringify({ ...content, ...change }))
    const before = tf.memory().numTensors
    await expect(loadVisionTransformer(folder)).rejects.toThrow(message)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('a folder that does not say how pictures are prepared, and reads it from a file of several', async () => {
    const folder = await copy()
    const own = join(folder, 'preprocessor_config.json')
    const json = JSON.parse(await readFile(own, 'utf8'))
    const { preparation } = await loadVisionTransformer(folder)
    expect(preparation).toEqual({
      size: 16,
      resize: 16,
      fit: 'stretch',
      resample: 'bilinear',
      halfPixel: 'down',
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    })
    await rename(own, join(folder, 'elsewhere.json'))
    await expect(loadVisionTransformer(folder)).rejects.toThrow('must hold preprocessor_config.json')
    await writeFile(join(folder, 'processor_config.json'), JSON.stringify({ image_processor: json }))
    expect((await loadVisionTransformer(folder)).preparation).toEqual(preparation)
  })
})

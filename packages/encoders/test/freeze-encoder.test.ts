import { useBackend } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import {
  createPatchEncoder,
  createResNetEncoder,
  type ImageEncoder,
  type PicturePreparation,
  preparationOf,
} from '../src'
import { type FrozenImageEncoder, freezeEncoder } from '../src/freeze-encoder'

const tiny = (changes: object = {}): ImageEncoder => {
  const encoder = createResNetEncoder({
    ...{ kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 2, seed: 4 },
    ...changes,
  })
  onTestFinished(() => encoder.dispose())
  return encoder
}
const USUAL = preparationOf({ pictureSize: 224 })
const CPU = { name: 'tfjs', backend: 'cpu' } as const

const freeze = (encoder: ImageEncoder, preparation = USUAL, engine: object = CPU): FrozenImageEncoder =>
  freezeEncoder({ encoder, channels: 16, preparation }, engine as typeof CPU)

beforeAll(() => useBackend('cpu'))

it.each([CPU, { name: 'onnx', session: { threads: 1 } }])(
  'gives what the encoder itself gives: %j',
  async engine => {
    const encoder = tiny()
    const frozen = freeze(encoder, USUAL, engine)
    const data = uniform(2 * 32 * 32 * 3, { seed: 1, site: 'pixels' })
    const present = Float32Array.of(1, 0)
    const own = encoder.apply({ pixels: tf.tensor4d(data, [2, 32, 32, 3]), present: tf.tensor1d(present) })
    const before = tf.memory().numTensors
    const encoded = await frozen.encode({
      pixels: { data, shape: [2, 32, 32, 3] },
      present: { data: present, shape: [2] },
    })
    expect(tf.memory().numTensors).toBe(before)
    for (const part of ['states', 'summary', 'mask'] as const) {
      expect(encoded[part].shape).toEqual(own[part].shape)
      const wanted = own[part].dataSync()
      for (const [i, value] of encoded[part].data.entries()) expect(value).toBeCloseTo(wanted[i]!, 5)
    }
    expect([frozen.channels, frozen.preparation, frozen.threads > 0]).toEqual([16, USUAL, true])
    await frozen.dispose()
  },
)

it('refuses one that is trained, and none at all', () => {
  const patches = createPatchEncoder({ kind: 'patches', imageSize: 4, patchSize: 2, channels: 3 })
  onTestFinished(() => patches.dispose())
  expect(() => freeze(patches)).toThrow('encoder must be one that is not trained. Received: one that is')
  expect(() => freezeEncoder({ channels: 1, preparation: USUAL }, CPU)).toThrow('Received: none.')
})

it('has an identity that is another for every part that decides the numbers, down to one bit of one weight, and else the same', async () => {
  const digestOf = (imageEncoder: ImageEncoder, preparation = USUAL, engine: typeof CPU | object = CPU) =>
    freeze(imageEncoder, preparation, engine).identity()
  const encoder = tiny()
  const digest = await digestOf(encoder)
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  const reversed = Object.fromEntries(Object.entries(USUAL).reverse()) as unknown as PicturePreparation
  expect(await digestOf(tiny(), reversed)).toBe(digest)

  const changed = tiny()
  const [name] = Object.keys(changed.parameters()).slice(-1)
  const variable = changed.parameters()[name!]!
  const values = variable.dataSync<'float32'>().slice()
  new Uint32Array(values.buffer)[values.length - 1]! ^= 1
  const tensor = tf.tensor(values, variable.shape)
  variable.assign(tensor)
  tensor.dispose()

  const transforms: Partial<PicturePreparation>[] = [
    { size: 223 },
    { resize: 257 },
    { fit: 'stretch' },
    { resample: 'bicubic' },
    { halfPixel: 'down' },
    { mean: [0.5, 0.5, 0.5] },
    { deviation: [0.5, 0.5, 0.5] },
    { shrinkOnLoad: true },
  ]
  const decided = [...Object.keys(USUAL), 'shrinkOnLoad'].sort()
  expect(transforms.map(change => Object.keys(change)[0]).sort()).toEqual(decided)
  const others = await Promise.all([
    digestOf(changed),
    digestOf(tiny({ seed: 5 })),
    digestOf(tiny({ layers: [1, 1, 1, 2] })),
    digestOf(encoder, USUAL, { name: 'tfjs', backend: 'wasm' }),
    digestOf(encoder, USUAL, { name: 'onnx', session: {} }),
    ...transforms.map(change => digestOf(encoder, { ...USUAL, ...change })),
  ])
  expect(new Set([digest, ...others]).size).toBe(1 + others.length)
  expect(await digestOf(encoder, USUAL, { name: 'onnx', session: { threads: 1 } })).toBe(others[4])
})

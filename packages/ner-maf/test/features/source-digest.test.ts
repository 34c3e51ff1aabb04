import { useBackend } from '@mafjs/compile/engine'
import {
  createResNetEncoder,
  type ImageEncoder,
  type PicturePreparation,
  preparationOf,
} from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { sourceDigest } from '../../src/features/source-digest'

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

beforeAll(() => useBackend('cpu'))

it('is another for every part that decides the numbers, down to one bit of one weight, and else the same', async () => {
  const digestOf = (imageEncoder: ImageEncoder, preparation = USUAL, engine: typeof CPU | object = CPU) =>
    sourceDigest({ parts: { imageEncoder }, preparation, engine: engine as typeof CPU })
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
  ]
  expect(transforms.map(change => Object.keys(change)[0]).sort()).toEqual(Object.keys(USUAL).sort())
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

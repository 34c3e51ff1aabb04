import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layersModelFolder } from '../src/files'

const folder = await mkdtemp(join(tmpdir(), 'maf-layers-folder-'))
beforeAll(() => tf.setBackend('cpu'))
afterAll(() => rm(folder, { recursive: true }))

const modelOf = (units: number): tfl.LayersModel =>
  tfl.sequential({ layers: [tfl.layers.dense({ units, inputShape: [3] }), tfl.layers.dense({ units: 2 })] })

test('a model that was saved in place of another computes the same when it is loaded', async () => {
  const place = join(folder, 'model')
  for (const units of [4, 5]) {
    const model = modelOf(units)
    await model.save(layersModelFolder(place))
    expect((await readdir(place)).sort()).toEqual(['model.json', 'weights.bin'])
    const loaded = await tfl.loadLayersModel(layersModelFolder(place))
    const [given, expected] = [loaded, model].map(one => one.predict(tf.ones([2, 3])) as tf.Tensor)
    expect(given!.dataSync()).toEqual(expected!.dataSync())
  }
})

test('a folder that holds something else is left alone', async () => {
  const other = join(folder, 'other')
  await mkdir(other)
  await writeFile(join(other, 'letter.txt'), 'dear')
  await expect(modelOf(1).save(layersModelFolder(other))).rejects.toThrow(/replaces only a saved model/)
  expect(await readdir(other)).toEqual(['letter.txt'])
  await expect(tfl.loadLayersModel(layersModelFolder(other))).rejects.toThrow(/model\.json must be a file/)
  await expect(modelOf(1).save(layersModelFolder(join(other, 'letter.txt', 'model')))).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['model', 'other'])
})

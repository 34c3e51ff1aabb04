import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { replaceFile } from '@mafjs/tensor/files'
import { takeSnapshot } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint'
import { loadMaf } from '../../src/predict/load-maf'
import { folderWith } from '../data/files'
import { writeTinyCheckpoint } from './tiny-checkpoint'

beforeAll(() => useBackend('cpu'))

test('what is loaded and saved again is the same to the byte, and says the same', async () => {
  const root = await folderWith()
  const [first, second] = [join(root, 'deep/first'), join(root, 'second')] as const
  await writeTinyCheckpoint(first, { metrics: { f1: 0.5 } })
  const before = tf.memory().numTensors
  const { model, config, tokenizer, extra } = await loadCheckpoint(first)
  expect(extra).toEqual([])
  await saveCheckpoint(second, {
    model: config.model,
    preprocessing: config.preprocessing,
    tokenizer: tokenizer.definition,
    snapshot: await takeSnapshot(model.parameters()),
    metrics: { f1: 0.5 },
  })
  model.dispose()
  expect(tf.memory().numTensors).toBe(before)

  const names = ['config.json', 'metrics.json', 'model.safetensors', 'tokenizer.json']
  for (const folder of [first, second]) expect((await readdir(folder)).sort()).toEqual(names)
  for (const name of names) {
    expect(await readFile(join(second, name)), name).toEqual(await readFile(join(first, name)))
  }
  const said = await Promise.all(
    [first, second].map(async folder => {
      const maf = await loadMaf(folder, { backend: 'cpu' })
      const annotation = await maf.annotate({ text: 'kevin loves paris but not bob' })
      maf.dispose()
      return annotation
    }),
  )
  expect(said[0]!.entities.length).toBeGreaterThan(0)
  expect(said[1]).toEqual(said[0])
})

test('metrics.json is replaced and nothing else', async () => {
  const folder = join(await folderWith(), 'model')
  await writeTinyCheckpoint(folder, { metrics: { f1: 0.5 } })
  const weights = await readFile(join(folder, 'model.safetensors'))
  await replaceFile(folder, 'metrics.json', '{"f1": 0.75}')
  expect(JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))).toEqual({ f1: 0.75 })
  expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights)
  expect(await readdir(join(folder, '..'))).toEqual(['model'])
})

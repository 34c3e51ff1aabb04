import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { createResNetEncoder, saveWeights } from '@mafjs/encoders'
import { loadCheckpoint, loadMaf } from '@mafjs/ner-maf'
import { readSafetensors, storeFloat32, toFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import { readGolden } from '@mafjs/tensor/testing'
import { takeSnapshot } from '@mafjs/train'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { folderWith } from '../../../ner-maf/test/data/files'
import { importPublished } from '../../src/import/import-published'

const GOLDEN = fileURLToPath(new URL('../../../ner-maf/test/fixtures/golden/modelL/', import.meta.url))
const golden = (name: string): Buffer => readFileSync(join(GOLDEN, name))
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']
const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...LETTERS, ...LETTERS.map(letter => `##${letter}`)]

/** The tensors of the golden model as the published code saves them. */
const published = () => readSafetensors(golden('weights.safetensors')).tensors

let resnet: Uint8Array
beforeAll(async () => {
  await useBackend('wasm')
  const encoder = createResNetEncoder({ kind: 'resnet', block: 'bottleneck', layers: [1, 1, 1, 1] })
  const weights = Object.entries(await takeSnapshot(encoder.parameters())).map(
    ([name, { shape, values }]) => [name, storeFloat32(values, shape)] as const,
  )
  encoder.dispose()
  resnet = writeSafetensors(Object.fromEntries(weights))
})

/** What a user has at hand: the state dict, the BERT's config and vocabulary, a ResNet with 2048 channels. */
async function publishedFiles(stateDict: Uint8Array = golden('weights.safetensors')) {
  const { config } = JSON.parse(golden('expected.json').toString())
  const { seq_len, cross_layers, crs_classifier_in, num_labels, dropout, ...bert } = config
  const folder = await folderWith({
    'state.safetensors': stateDict,
    'config.json': JSON.stringify({
      ...bert,
      hidden_dropout_prob: dropout,
      attention_probs_dropout_prob: dropout,
    }),
    'vocab.txt': VOCABULARY.map(piece => `${piece}\n`).join(''),
    'tokenizer_config.json': '{"do_lower_case": true}',
    'resnet.safetensors': resnet,
  })
  return {
    out: join(folder, 'model'),
    folder,
    options: {
      stateDict: join(folder, 'state.safetensors'),
      textEncoder: folder,
      imageEncoder: join(folder, 'resnet.safetensors'),
      maxLength: seq_len as number,
      out: join(folder, 'model'),
      backend: 'wasm' as const,
    },
  }
}

test('an imported model gives the published emissions, and predicts', async () => {
  const { folder, out, options } = await publishedFiles()
  const before = tf.memory().numTensors
  const { unused } = await importPublished(options)
  expect(unused.filter(name => /self_attention(_v2)?\.layer\.0\./.test(name))).toHaveLength(32)
  expect(tf.memory().numTensors).toBe(before)
  await useBackend('wasm')

  const { model, extra } = await loadCheckpoint(out)
  expect(extra).toEqual([])
  const { tensor, regions, share } = readGolden(golden)
  const states = regions()
  const { emissions } = model.apply({
    text: {
      ids: tf.cast(tensor('input_ids'), 'int32') as Tensor2D,
      mask: tensor('input_mask') as Tensor2D,
    },
    image: { states, summary: tf.mean(states as Tensor3D, 1), mask: tf.ones([5, 49]) },
  })
  expect(share('eval/emissions', emissions)).toBeLessThan(1)
  model.dispose()

  const picture = await sharp({ create: { width: 300, height: 260, channels: 3, background: '#c33' } })
    .png()
    .toBuffer()
  for (const engine of [{ engine: 'onnx', threads: 1 }, { backend: 'wasm' }] as const) {
    const maf = await loadMaf(out, engine)
    expect(maf.types).toEqual(['MISC', 'PER', 'ORG', 'LOC'])
    const post = { text: 'rob visits ann in paris now', image: picture }
    const { entities, match, cutWords } = await maf.annotate(post)
    expect(match).toBeGreaterThan(0)
    expect(match).toBeLessThan(1)
    expect(cutWords).toBe(1)
    expect(entities.length).toBeGreaterThan(0)
    for (const { text, start, end, score } of entities) {
      expect(post.text.slice(start, end)).toBe(text)
      expect(score).toBeGreaterThan(0)
      expect(score).toBeLessThanOrEqual(1)
    }
    expect((await maf.annotate({ text: post.text })).match).toBeNull()
    await maf.dispose()
  }
  await expect(importPublished(options), 'twice').rejects.toThrow(/must not exist yet/)
  expect((await readdir(folder)).filter(name => name.startsWith('.'))).toEqual([])
})

test('what does not fit is named: every tensor, by its published name', async () => {
  const tensors = published()
  delete tensors['crf.transitions']
  delete tensors['bert.pooler.dense.bias']
  tensors['Gate_text.bias'] = storeFloat32(new Float32Array(25), [25])
  tensors['bert.encoder.layer.2.output.dense.bias'] = storeFloat32(new Float32Array(24), [24])
  const { options } = await publishedFiles(writeSafetensors(tensors))
  const before = tf.memory().numTensors
  const message = await importPublished({ ...options, maxLength: 20 }).catch((error: Error) => error.message)
  expect(tf.memory().numTensors).toBe(before)
  for (const part of [
    options.stateDict,
    'crf.transitions is missing',
    'text_encoder.pooler.dense.bias is missing',
    'Gate_text.bias has shape [25], not [24]',
    'crs_classifier.weight has shape [2, 1008], not [2, 960]',
    'bert.encoder.layer.2.output.dense.bias has no place',
    'It was trained with a maxLength of 21',
  ]) {
    expect(message).toContain(part)
  }

  const foreign = Object.fromEntries(
    Array.from({ length: 13 }, (_, i) => [`vit.layer.${i}`, storeFloat32(new Float32Array(1), [1])]),
  )
  const other = await publishedFiles(writeSafetensors({ ...published(), ...foreign }))
  const error = await importPublished(other.options).catch((error: Error) => error.message)
  for (const name of Object.keys(foreign)) expect(error).toContain(name)
  expect(await readdir(other.folder)).not.toContain('model')
})

test('names of old checkpoints, position ids and more cross layers are understood', async () => {
  const old: ReturnType<typeof published> = {}
  for (const [name, tensor] of Object.entries(published())) {
    if (name.startsWith('self_attention')) continue
    old[name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')] =
      tensor
    if (name.startsWith('txt2img_attention.layer.0.')) old[name.replace('.0.', '.1.')] = tensor
  }
  const positions = storeFloat32(
    Float32Array.from({ length: 64 }, (_, i) => i),
    [1, 64],
  )
  const { out, options } = await publishedFiles(
    writeSafetensors({ ...old, 'bert.embeddings.position_ids': positions }),
  )
  expect(await importPublished(options)).toEqual({ unused: ['bert.embeddings.position_ids'] })
  const { model, config, extra } = await loadCheckpoint(out)
  expect(extra).toEqual([])
  expect(config.model.interaction?.layers).toBe(2)
  const { values } = (await takeSnapshot(model.parameters()))['interaction.layer.1.output.LayerNorm.weight']!
  const name = 'txt2img_attention.layer.0.output.LayerNorm.weight'
  expect(values).toEqual(toFloat32(published()[name]!))
  model.dispose()
})

test('a ResNet with other channels is refused', async () => {
  const { folder, options } = await publishedFiles()
  const small = createResNetEncoder({ kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 8 })
  const snapshot = await takeSnapshot(small.parameters())
  small.dispose()
  const imageEncoder = join(folder, 'small.safetensors')
  await saveWeights(
    imageEncoder,
    Object.fromEntries(
      Object.entries(snapshot).map(([name, { shape, values }]) => [name, storeFloat32(values, shape)]),
    ),
  )
  await expect(importPublished({ ...options, imageEncoder })).rejects.toThrow(
    /small\.safetensors must be a ResNet whose regions have 2048 channels.*64 channels/,
  )
})

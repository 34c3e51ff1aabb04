import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { readSafetensors, storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { loadMaf } from '../../src/predict/load-maf'
import { folderWith } from '../data/files'
import { VOCABULARY, writeTinyCheckpoint } from './tiny-checkpoint'

beforeAll(() => useBackend('cpu'))

/** A checkpoint in which one file was changed. */
async function damaged(name: string, change: (content: Buffer) => Uint8Array | string | undefined) {
  const folder = join(await folderWith(), 'model')
  await writeTinyCheckpoint(folder)
  const file = join(folder, name)
  const content = change(await readFile(file))
  if (content === undefined) await rm(file)
  else await writeFile(file, content)
  return folder
}

type Json = Record<string, never> & { model: Record<string, unknown>; preprocessing: Record<string, unknown> }
const changeJson = (change: (json: Json) => unknown) => (content: Buffer) => {
  const json = JSON.parse(content.toString())
  return JSON.stringify(change(json) ?? json)
}
const setHeaderLength = (length: bigint) => (content: Buffer) => {
  content.writeBigUInt64LE(length)
  return content
}

const CASES: [what: string, file: string, (content: Buffer) => Uint8Array | string | undefined, RegExp][] = [
  ['no config', 'config.json', () => undefined, /readable config\.json.*ENOENT/],
  ['a config that is no JSON', 'config.json', () => '{"model_type": "maf"', /config\.json must be JSON/],
  ['null as config', 'config.json', () => 'null', /config\.json must hold a JSON object/],
  [
    'another model type',
    'config.json',
    changeJson(json => ({ ...json, model_type: 'bert' })),
    /config\.json must be of a MAF checkpoint.*"bert".*folder of a trained model/,
  ],
  [
    'a newer format',
    'config.json',
    changeJson(json => ({ ...json, format_version: 2 })),
    /config\.json .*"format_version":2.*Update @mafjs\/ner-maf/,
  ],
  [
    'a config without a model',
    'config.json',
    changeJson(({ model, ...json }) => json),
    /config\.json must have "model" and "preprocessing"/,
  ],
  [
    'a model of nonsense',
    'config.json',
    changeJson(json => {
      json.model['textEncoder'] = { kind: 'bert', vocabSize: -1, hidden: 8 }
    }),
    /config\.json must describe a model.*vocabSize/,
  ],
  [
    'an image encoder of nonsense',
    'config.json',
    changeJson(json => {
      json.model['imageEncoder'] = { kind: 'eye' }
    }),
    /config\.json must describe a model.*'resnet', 'efficientnet-lite', 'patches', 'vit' or 'clip'/,
  ],
  [
    'half a preparation of pictures',
    'config.json',
    changeJson(json => {
      json.preprocessing['pictureTransform'] = { fit: 'crop' }
    }),
    /config\.json must have fit, resample, halfPixel, mean and deviation in its "pictureTransform"/,
  ],
  [
    'a config without a text encoder',
    'config.json',
    changeJson(json => {
      delete json.model['textEncoder']
    }),
    /config\.json must have a "textEncoder" in its "model"/,
  ],
  [
    'types that are not those of the labels',
    'config.json',
    changeJson(json => {
      json.model['types'] = ['PER']
    }),
    /config\.json must describe a model.*config\.types must be those of its labels, LOC, PER\. Received: \["PER"\]/,
  ],
  ...(
    [
      ['splitter', 'letters', /config\.json must have a "splitter" of tweet.*letters/],
      ['maxLength', -1, /config\.json must have a positive whole number as "maxLength".*-1/],
      ['maxLength', undefined, /as "maxLength"\. Received: nothing/],
      ['pictureSize', 0, /config\.json must have a whole number from 1 to 4096 as "pictureSize".*0/],
      ['pictureSize', undefined, /as "pictureSize"\. Received: nothing/],
      ['pictureResize', 3, /config\.json must have a whole number of at least 8 as "pictureResize".*3/],
    ] as const
  ).map(([name, value, message]): (typeof CASES)[number] => [
    `${name} ${value}`,
    'config.json',
    changeJson(json => {
      json.preprocessing[name] = value
    }),
    message,
  ]),
  [
    'a label that is a list',
    'config.json',
    changeJson(json => {
      Object.assign(json.model['labels'] as object, [['O']])
    }),
    /config\.json must describe a model.*config\.labels must be a list of names/,
  ],
  [
    'a rate that is a text',
    'config.json',
    changeJson(json => {
      json.model['dropout'] = '0.1'
    }),
    /config\.json must have a number as model\.dropout\. Received: "0\.1"/,
  ],
  [
    'layers without end',
    'config.json',
    changeJson(json => {
      Object.assign(json.model['textEncoder'] as object, { layers: 2 ** 32 })
    }),
    /config\.json must describe a model.*layers must be at most 1000/,
  ],
  [
    'a table of gigabytes for weights of kilobytes',
    'config.json',
    changeJson(json => {
      Object.assign(json.model['textEncoder'] as object, { vocabSize: 2 ** 31 })
    }),
    /config\.json must describe a model.*many times as many numbers as the file.*17179/,
  ],
  [
    'a picture size without an image encoder',
    'config.json',
    changeJson(json => {
      delete json.model['imageEncoder']
    }),
    /config\.json must have no "pictureSize" without an image encoder/,
  ],
  [
    'a length beyond the positions',
    'config.json',
    changeJson(json => {
      json.preprocessing['maxLength'] = 33
    }),
    /maxLength must be at most 32, the positions that .*config\.json gives/,
  ],
  ['no tokenizer', 'tokenizer.json', () => undefined, /readable tokenizer\.json.*ENOENT/],
  ['another tokenizer', 'tokenizer.json', () => '{"model": {"type": "BPE"}}', /tokenizer\.json must be.*BPE/],
  [
    'a tokenizer with more ids',
    'tokenizer.json',
    content => content.toString().replace('"kevin": 57', '"kevin": 570'),
    /tokenizer\.json must have ids below the vocabSize of config\.json, 61/,
  ],
  ['no weights', 'model.safetensors', () => undefined, /readable model\.safetensors.*ENOENT/],
  ['no byte of weights', 'model.safetensors', () => '', /model\.safetensors must be at least 8 bytes/],
  [
    'a cut header',
    'model.safetensors',
    content => content.subarray(0, 200),
    /model\.safetensors must have a header/,
  ],
  [
    'cut data',
    'model.safetensors',
    content => content.subarray(0, -4),
    /model\.safetensors tensor ".*" must lie within/,
  ],
  [
    'a huge header',
    'model.safetensors',
    setHeaderLength(2n ** 60n),
    /model\.safetensors must have a header within/,
  ],
]

describe('a damaged checkpoint is refused by the file that is damaged', () => {
  test.each(CASES)('%s', async (_, name, change, message) => {
    const folder = await damaged(name, change)
    const before = tf.memory().numTensors
    const error = await loadCheckpoint(folder).then(
      () => undefined,
      (error: Error) => error,
    )
    expect(error?.name).toBe('InvalidArgumentError')
    expect(error?.message).toMatch(message)
    expect(error?.message).toContain(folder)
    expect(error?.message).not.toContain('\n')
    expect(tf.memory().numTensors).toBe(before)
  })

  test('the case with more ids is about a token that is there', () => {
    expect(VOCABULARY[57]).toBe('kevin')
    expect(VOCABULARY).toHaveLength(61)
  })
})

test('every missing and misshaped tensor is named, every extra one listed', async () => {
  const change =
    (edit: (tensors: ReturnType<typeof readSafetensors>['tensors']) => void) => (content: Buffer) => {
      const { tensors, metadata } = readSafetensors(content)
      edit(tensors)
      return writeSafetensors(tensors, metadata)
    }
  const wrong = await damaged(
    'model.safetensors',
    change(tensors => {
      delete tensors['crf.transitions']
      delete tensors['fusion.text.bias']
      tensors['classifier.bias'] = storeFloat32(new Float32Array(6), [6])
      tensors['interaction.projection.weight'] = storeFloat32(new Float32Array(48), [6, 8])
    }),
  )
  const error = await loadCheckpoint(wrong).catch((error: Error) => error.message)
  expect(error).toContain(join(wrong, 'model.safetensors'))
  expect(error).toContain('missing: fusion.text.bias, crf.transitions')
  expect(error).toContain('classifier.bias (expected [5], received [6])')
  expect(error).toContain('interaction.projection.weight (expected [8, 6], received [6, 8])')

  const more = await damaged(
    'model.safetensors',
    change(tensors => {
      tensors['head.weight'] = storeFloat32(new Float32Array(2), [2])
      tensors['head.bias'] = storeFloat32(new Float32Array(1), [1])
    }),
  )
  const maf = await loadMaf(more, { backend: 'cpu' })
  expect(maf.extraTensors).toEqual(['head.weight', 'head.bias'])
  maf.dispose()
})

test('a folder of something else, and none at all', async () => {
  const bert = await folderWith({ 'config.json': '{"model_type": "bert", "vocab_size": 10}' })
  await expect(loadCheckpoint(bert)).rejects.toThrow(/"model_type":"bert"/)
  await expect(loadCheckpoint(join(bert, 'none'))).rejects.toThrow(
    /model folder must be a folder .*none \(not there\)/,
  )
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  textEncoderConfigFromHuggingFace,
  textEncoderConfigToHuggingFace,
} from '../../src/checkpoint/hugging-face-config'
import { loadTextEncoder } from '../../src/checkpoint/load-text-encoder'
import { createTextEncoder } from '../../src/text/create-text-encoder'
import type { TextEncoderConfig } from '../../src/text/text-encoder-config'
import { TEXT_ENCODER_KINDS } from '../../src/text/text-encoder-traits'
import { createTokenBatch } from '../../src/text/token-batch'
import { WORD_SHAPES, type WordShape, wordShape } from '../../src/text/word-shapes'

beforeAll(() => tf.setBackend('cpu'))

const TABLE = 'embeddings.word_shape_embeddings.weight'

/** Written out: who changes the order, or what a word is, makes models of before wrong. */
const SPELLED: [WordShape, string][] = [
  ['plain', "paris don't naïve straße élan ﬁ 手机 नमस्ते ابن ª &amp"],
  ['initial', "Paris I'm (Obama Élan E\u0301lan Straße ǅaba Ελλάδα Obam… A股 'Twas 𝐏aris"],
  ['capitals', 'NATO U.S. J.K. AT&T ΕΛΛΑΣ РФ NBA球星 IPHONE $AAPL'],
  ['mixed', 'iPhone McDonald eBay Jean-Pierre non-American TVs STRASSEn mRNAs'],
  ['letter', 'I A J. Я :D (B)'],
  ['digits', '2026 3.5 10:30 $5 50% ½ ٣ 3-2 <3 #1 1️⃣'],
  ['digits-letters', '4th gr8 b4 5月 h2o 10am'],
  ['digits-capitals', 'COVID-19 F16 iPhone6 4K'],
  ['handle', '@who @WHO_99 @_x ＠手机'],
  ['hashtag', '#nofilter #2day #手机 ＃tag'],
  ['hashtag-capitals', '#MadridOpen #NBA #2Pac'],
  [
    'address',
    'https://t.co/aBc HTTP://A.B www.example.org t.co/x bit.ly/2aB https… http: me@mail.example First.Last@a.example',
  ],
  ['signs', '! ... — :) 🙂 👩‍👩‍👧 @ # _ ^_^ €'],
]

describe('wordShape', () => {
  test('has its names at their ids', () => {
    expect(WORD_SHAPES).toEqual([
      ...['plain', 'initial', 'capitals', 'mixed', 'letter', 'digits', 'digits-letters', 'digits-capitals'],
      ...['handle', 'hashtag', 'hashtag-capitals', 'address', 'signs'],
    ])
    expect(SPELLED.map(([name]) => name)).toEqual(WORD_SHAPES)
  })

  test.each(SPELLED)('knows %s', (name, words) => {
    for (const word of words.split(' ')) expect([word, WORD_SHAPES[wordShape(word)]]).toEqual([word, name])
  })

  test('is soon done with a hostile word', () => {
    for (const sign of ['a', 'A', '.', 'a.', '@', 'a@', 'A1', 'http', '://']) {
      expect(WORD_SHAPES[wordShape(sign.repeat(200_000))]).toBeDefined()
    }
  })
})

const sizes = { vocabSize: 9, hidden: 4, layers: 1, heads: 2, intermediate: 6, maxPositions: 8 }
const configOf = (kind: TextEncoderConfig['kind']): TextEncoderConfig => ({ kind, padId: 0, ...sizes })
const rows = [
  [1, 2, 3, 4],
  [5, 6],
]
const shapes = [
  [0, 1, 5, 0],
  [0, 12],
]

describe.each(TEXT_ENCODER_KINDS)('an encoder of kind %s', kind => {
  test('computes the same bits with shapes that know nothing yet, and other states with those that do', () => {
    const plain = createTextEncoder(configOf(kind))
    const shaped = createTextEncoder({ ...configOf(kind), wordShapes: WORD_SHAPES })
    const states = (given: readonly (readonly number[])[]) =>
      shaped.apply(createTokenBatch(rows, { vocabSize: 9, shapes: given })).states.dataSync()
    const expected = plain.apply(createTokenBatch(rows, { vocabSize: 9 })).states.dataSync()
    expect(states(shapes)).toEqual(expected)
    const { [TABLE]: table, ...others } = shaped.parameters()
    expect(Object.keys(others)).toEqual(Object.keys(plain.parameters()))
    expect(table!.shape).toEqual([WORD_SHAPES.length, 4])
    const marked = tf.tensor2d(WORD_SHAPES.map((_, id) => [0, id === 12 ? 9 : 0, 0, 0]))
    table!.assign(marked)
    const changed = states(shapes)
    const half = expected.length / 2
    // The first post has no word of signs.
    expect(changed.slice(0, half)).toEqual(expected.slice(0, half))
    expect(changed.slice(half)).not.toEqual(expected.slice(half))
    expect(
      states([
        [0, 1, 5, 0],
        [0, 0],
      ]),
    ).toEqual(expected)
  })

  test('is written down with its shapes, and read again', () => {
    const { config } = createTextEncoder({ ...configOf(kind), wordShapes: WORD_SHAPES })
    const json = JSON.parse(JSON.stringify(textEncoderConfigToHuggingFace(config)))
    expect(json.word_shapes).toEqual(WORD_SHAPES)
    expect(textEncoderConfigFromHuggingFace(json)).toEqual(config)
    expect(createTextEncoder(configOf(kind)).config).not.toHaveProperty('wordShapes')
    expect(textEncoderConfigToHuggingFace(configOf(kind))).not.toHaveProperty('word_shapes')
  })
})

test('shapes are refused where they are not read, wanted where they are, and checked', () => {
  const plain = createTextEncoder(configOf('bert'))
  const shaped = createTextEncoder({ ...configOf('bert'), wordShapes: WORD_SHAPES })
  const without = createTokenBatch(rows, { vocabSize: 9 })
  const given = createTokenBatch(rows, { vocabSize: 9, shapes })
  expect(given.shapes!.arraySync()).toEqual([
    [0, 1, 5, 0],
    [0, 12, 0, 0],
  ])
  expect(() => plain.apply(given)).toThrow(
    'inputs.shapes must be left out: the encoder has no word shapes. Received: [2, 4].',
  )
  expect(() => shaped.apply(without)).toThrow(
    'inputs.shapes must be given: the encoder reads the shapes of words. Received: nothing. Give wordShape to collate',
  )
  expect(() => shaped.apply({ ...without, shapes: tf.zeros([2, 3], 'int32') })).toThrow('inputs.shapes')
  expect(() => shaped.apply({ ...without, shapes: tf.zeros([2, 4]) })).toThrow(
    'inputs.shapes must have dtype int32',
  )
  const bad = (shapes: number[][]) => () => createTokenBatch(rows, { vocabSize: 9, shapes })
  expect(
    bad([
      [0, 1, 5, 13],
      [0, 0],
    ]),
  ).toThrow('shapes must have a number from 0 to 12 for each id: rows of 4, 2. Received: 13.')
  expect(
    bad([
      [0, 1, 5],
      [0, 0],
    ]),
  ).toThrow('Received: rows of 3, 2.')
})

test.each([
  [['plain', 'initial'], 'Received: plain, initial.'],
  [[...WORD_SHAPES].reverse(), 'Received: signs, address'],
  [[], 'Received: none.'],
  [null, 'Received: null.'],
  [13, 'Received: 13.'],
])('a model of other shapes is refused: %j', (wordShapes, message) => {
  const config = { ...configOf('bert'), wordShapes } as TextEncoderConfig
  expect(() => createTextEncoder(config)).toThrow(
    /wordShapes must be WORD_SHAPES, in this version plain, initial/,
  )
  expect(() => createTextEncoder(config)).toThrow(message)
})

describe('a checkpoint', () => {
  const bert = fileURLToPath(new URL('../fixtures/text-encoders/bert', import.meta.url))

  test('without shapes begins with zeros where they are asked for, and says so', async () => {
    const { encoder, report } = await loadTextEncoder(bert, { wordShapes: true })
    expect(encoder.config.wordShapes).toEqual(WORD_SHAPES)
    expect(report.notes).toContain('The checkpoint knows no shapes of words: theirs begin with zeros.')
    expect(
      encoder
        .parameters()
        [TABLE]!.dataSync()
        .every(value => value === 0),
    ).toBe(true)
    const plain = await loadTextEncoder(bert)
    expect(plain.encoder.config).not.toHaveProperty('wordShapes')
    expect(plain.report.notes).toEqual([])
    const { vocabSize } = encoder.config
    const shaped = encoder.apply(createTokenBatch(rows, { vocabSize, shapes }))
    const expected = plain.encoder.apply(createTokenBatch(rows, { vocabSize }))
    expect(shaped.states.dataSync()).toEqual(expected.states.dataSync())
    const drawn = await loadTextEncoder(bert, { wordShapes: true, randomSeed: 3 })
    expect(
      drawn.encoder
        .parameters()
        [TABLE]!.dataSync()
        .every(value => value === 0),
    ).toBe(true)
  })

  test('with shapes keeps them, whether they are asked for or not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maf-shapes-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const { encoder, tokenizer } = await loadTextEncoder(bert, { wordShapes: true })
    const parameters = encoder.parameters()
    parameters[TABLE]!.assign(tf.fill(parameters[TABLE]!.shape, 0.5))
    const stored = Object.entries(parameters).map(([name, variable]) => [
      name,
      storeFloat32(variable.dataSync() as Float32Array, variable.shape),
    ])
    const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content)
    await put('model.safetensors', writeSafetensors(Object.fromEntries(stored)))
    await put('tokenizer.json', JSON.stringify(tokenizer.definition))
    const json = textEncoderConfigToHuggingFace(encoder.config)
    await put('config.json', JSON.stringify(json))
    for (const wordShapes of [true, false]) {
      const again = await loadTextEncoder(folder, { wordShapes })
      expect(again.encoder.config.wordShapes).toEqual(WORD_SHAPES)
      expect(again.report.notes).toEqual([])
      expect(again.encoder.parameters()[TABLE]!.dataSync()).toEqual(parameters[TABLE]!.dataSync())
    }
    // A table that the configuration does not speak of may be in another order.
    await put('config.json', JSON.stringify({ ...json, word_shapes: undefined }))
    for (const wordShapes of [true, false]) {
      await expect(loadTextEncoder(folder, { wordShapes })).rejects.toThrow(
        /tensors without a place: embeddings\.word_shape_embeddings\.weight/,
      )
    }
    await put('config.json', JSON.stringify({ ...json, word_shapes: ['plain'] }))
    await expect(loadTextEncoder(folder)).rejects.toThrow(/config\.json.*wordShapes must be WORD_SHAPES/s)
  })
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import type { Split } from '@mafjs/data'
import { loadWeights } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import { trainRun } from '../../src/train/train-run'
import type { TrainRunOptions } from '../../src/train/train-run-options'
import { OWN } from '../model/own-modules'
import { newFolder, writeResNet, writeTask } from './run-files'

beforeAll(() => useBackend('wasm'))

const QUICK = { randomTextEncoder: true, epochs: 1, batchSize: 8, learningRate: 1e-2, maxLength: 64 } as const

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'))

const { version: onnxruntime } = createRequire(import.meta.url)('onnxruntime-node/package.json')

/** What `onRead` is told. */
function listener() {
  const heard: { splits: Split[]; notes: string[] } = { splits: [], notes: [] }
  const onRead: TrainRunOptions['onRead'] = (splits, notes) => Object.assign(heard, { splits, notes })
  return { heard, onRead }
}

describe('trainRun', () => {
  it.each([
    ['onnx', { engine: 'onnx', threads: 1 }, 'Engine: onnx, 1 thread'],
    [
      'onnx in a thread of its own',
      { engine: 'onnx', threads: 2, worker: true },
      'Engine: onnx, 2 threads, in a worker',
    ],
    ['tfjs', { backend: 'wasm' }, 'Engine: tfjs, backend wasm'],
  ] as const)('goes from a data folder to a checkpoint folder, text only, on %s', async (_, engine, said) => {
    const { data, images, textEncoder, out, corpus } = await writeTask({ train: 40, valid: 8, test: 8 })
    const { heard, onRead } = listener()
    const before = tf.memory().numTensors
    const steps: number[] = []
    const report = await trainRun({
      ...QUICK,
      ...engine,
      data,
      images,
      textEncoder,
      out,
      onRead,
      onEvent: event => event.type === 'step' && steps.push(event.step),
    })
    expect(heard.notes[0]).toBe(said)
    expect(tf.memory().numTensors).toBe(before)
    expect(steps).toEqual([1, 2, 3, 4, 5])
    expect(heard.splits.map(({ name, examples }) => [name, examples.length])).toEqual([
      ['train', 40],
      ['valid', 8],
      ['test', 8],
    ])
    expect(heard.notes).toContain(
      'There is an images folder but no image encoder: the model reads the text only.',
    )
    expect((await readdir(out)).sort()).toEqual([
      'README.md',
      'config.json',
      'curves.svg',
      'events.jsonl',
      'last',
      'metrics.json',
      'model.safetensors',
      'report.md',
      'run.json',
      'tokenizer.json',
    ])
    expect(await readJson(out, 'metrics.json')).toEqual(JSON.parse(JSON.stringify(report)))
    const { versions } = await readJson(out, 'run.json')
    expect(versions.onnxruntime).toBe('backend' in engine ? undefined : onnxruntime)
    expect(report.training.settings).toMatchObject({ epochs: 1, batchSize: 8, optimizer: 'adamw' })
    expect(report.test!.strict.micro.support).toBe(corpus.test.flatMap(({ entities }) => entities).length)
    expect(report.training.withoutGradient).toEqual([])
    const { model, extra } = await loadCheckpoint(out)
    expect(model.config).toMatchObject({ steps: 'words', types: ['LOC', 'MISC', 'ORG', 'PER'] })
    expect(extra).toEqual([])
    model.dispose()
  })

  it('refuses an existing folder before any work', async () => {
    const out = await newFolder()
    const run = trainRun({ ...QUICK, data: join(out, 'missing'), textEncoder: join(out, 'missing'), out })
    await expect(run).rejects.toThrow('out must not exist yet')
    expect(await readdir(out)).toEqual([])
  })

  it('does not replace a folder that came to be while it trained', async () => {
    const { data, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 })
    const whileReading = setInterval(() => {
      mkdirSync(out, { recursive: true })
      writeFileSync(join(out, 'config.json'), '{"model_type": "maf"}')
      clearInterval(whileReading)
    })
    const run = trainRun({ ...QUICK, data, textEncoder, out })
    await expect(run).rejects.toThrow('out must not exist yet')
    expect(await readdir(out)).toEqual(['config.json'])
  })

  it.each([
    [1, 'no model'],
    [4, 'the whole of the epoch before'],
  ])('leaves no half-written folder: failing at step %i it leaves %s', async (failing, left) => {
    const { folder, data, textEncoder, out } = await writeTask({ train: 20, valid: 3, test: 3 })
    const before = tf.memory().numTensors
    const run = trainRun({
      ...QUICK,
      epochs: 2,
      data,
      textEncoder,
      out,
      onEvent: event => {
        if (event.type === 'step' && event.step === failing) throw new Error('the plug is pulled')
      },
    })
    await expect(run).rejects.toThrow('the plug is pulled')
    expect(tf.memory().numTensors).toBe(before)
    expect(await readdir(folder)).toEqual(['data', 'out'])
    if (left === 'no model') {
      expect(await readdir(out)).toEqual(['events.jsonl', 'run.json'])
      return
    }
    expect(await readJson(out, 'metrics.json')).toMatchObject({ epoch: 1 })
    const { model } = await loadCheckpoint(out)
    model.dispose()
  })
})

describe('trainRun with a ResNet', () => {
  it('trains on pictures, counts a broken one, and saves the frozen ResNet as it was', async () => {
    const { folder, data, images, textEncoder, out, corpus } = await writeTask({
      train: 12,
      valid: 3,
      test: 3,
    })
    const { file, weights } = await writeResNet(folder)
    const broken = corpus.train.find(({ image }) => image)!.image!
    await writeFile(join(images, broken), 'no picture')
    const { heard, onRead } = listener()
    const report = await trainRun({ ...QUICK, data, images, textEncoder, imageEncoder: file, out, onRead })
    expect(heard.notes).toContain('Not part of the image encoder: fc.bias.')
    expect(report.brokenPictures).toEqual([{ file: broken, reason: expect.any(String) }])
    expect(report.training.withoutGradient).toEqual([])
    for (const loss of ['tagging', 'matching', 'alignment'] as const) {
      expect(report.training.history[0]![loss]).toBeGreaterThan(0)
    }
    const { model, preprocessing } = await readJson(out, 'config.json')
    expect(preprocessing).toEqual({
      ...{ splitter: 'tweet', maxLength: 64, windowOverlap: 16 },
      pictureSize: 224,
    })
    expect(model.imageEncoder).toMatchObject({ kind: 'resnet', width: 2 })
    // 8 times the width of 2
    expect([model.alignment.imageSize, model.interaction.imageSize]).toEqual([16, 16])
    const saved = await loadWeights(join(out, 'model.safetensors'))
    for (const name of ['conv1.weight', 'bn1.running_var', 'layer4.0.conv2.weight']) {
      expect(saved[`image_encoder.${name}`]!.values()).toEqual(weights[name]!.values())
    }
  })

  it('is trained without one picture, and says so, where there is no images folder', async () => {
    const { folder, data, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 })
    const { file } = await writeResNet(folder)
    const { heard, onRead } = listener()
    const report = await trainRun({ ...QUICK, data, textEncoder, imageEncoder: file, out, onRead })
    expect(heard.notes).toContain(
      'There is an image encoder but no images folder: every post counts as one without a picture.',
    )
    expect(report.training.history[0]).toMatchObject({ matching: 0, alignment: 0 })
    expect(report.training.withoutGradient).toContain('interaction.projection.weight')
  })

  it('trains modules of your own in the places of the preset, and says in the checkpoint that it lacks them', async () => {
    const { folder, data, images, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 })
    const { file: imageEncoder } = await writeResNet(folder)
    const [run, parts] = [
      { ...QUICK, data, images, textEncoder, out },
      { match: OWN.match, fuse: OWN.fuse },
    ]
    await expect(trainRun({ ...run, parts })).rejects.toThrow(
      'parts.match must be left out where the model has no matching',
    )
    const without = ['gate'] as const
    await expect(trainRun({ ...run, imageEncoder, parts, without })).rejects.toThrow(
      'parts.fuse must be left out',
    )
    expect(await readdir(folder)).not.toContain('out')
    const { test } = await trainRun({ ...run, imageEncoder, parts })
    const { model } = await readJson(out, 'config.json')
    const exchange = { rule: 'eligible', rate: 0.25, minimum: 2 }
    expect([model.matching, model.fusion]).toEqual([{ kind: 'own', exchange }, { kind: 'own' }])
    expect(model.interaction.heads).toBe(2)
    expect((await readJson(out, 'run.json')).parts).toEqual(['fuse', 'match'])
    await expect(evaluateRun({ model: out, data, images })).rejects.toThrow('parts.match must be given')
    const { report } = await evaluateRun({ model: out, data, images, parts })
    expect(report.strict.micro).toEqual(test!.strict.micro)
  })

  it('follows the published code in the reference preset', async () => {
    const { folder, data, images, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 })
    const { file } = await writeResNet(folder)
    const train = join(data, 'train.txt')
    const posts = await readFile(train, 'utf8')
    await writeFile(train, posts.replaceAll('-MISC', '-PET'))
    const options = {
      ...QUICK,
      data,
      images,
      textEncoder,
      imageEncoder: file,
      out,
      preset: 'reference',
      without: ['alignment'],
    } as const
    await expect(trainRun(options)).rejects.toThrow(
      /train\.txt:\d+ must have labels the model knows: .*B-PET/,
    )
    await writeFile(train, posts)
    const report = await trainRun(options)
    expect(report.training.settings.optimizer).toBe('published')
    expect(report.training.withoutGradient).toEqual([
      'text_encoder.pooler.dense.weight',
      'text_encoder.pooler.dense.bias',
    ])
    const { model } = await readJson(out, 'config.json')
    expect(model).toMatchObject({ steps: 'pieces', padTo: 64, exchange: 'states' })
    expect(model).not.toHaveProperty('alignment')
  })
})

describe('trainRun refuses', () => {
  it.each<[Partial<TrainRunOptions>, string]>([
    [{ preset: 'published' as never }, "preset must be 'default' or 'reference'. Received: published."],
    [{ preset: 'reference' }, 'imageEncoder must be given for the reference preset'],
    [{ splitter: 'letters' as never }, 'splitter must be'],
    [{ wiring: { residual: 'all' as never } }, 'wiring.residual must be query or none. Received: all.'],
    [{ wiring: { gate: false } as never }, 'wiring must have the names residual, tagExchanged, steps'],
    [
      { wiring: {}, preset: 'reference', imageEncoder: 'x' },
      'wiring belongs to the default preset. Received: reference.',
    ],
    [{ epochs: 0 }, 'epochs must be a positive whole number. Received: 0.'],
    [{ backend: 'webgl' as never }, 'backend must be one of auto, tensorflow, wasm, cpu. Received: webgl.'],
    [{ backend: 'cpu', worker: true }, 'worker must be left out with the engine tfjs'],
  ])('%j before it looks at any file', async (options, message) => {
    const folder = await newFolder()
    const missing = join(folder, 'missing')
    const run = trainRun({
      ...QUICK,
      data: missing,
      textEncoder: missing,
      out: join(folder, 'out'),
      ...options,
    })
    await expect(run).rejects.toThrow(message)
  })

  it.each([
    [
      'no entity',
      'train.jsonl',
      '{"tokens":["hello","rob"],"labels":["O","O"]}',
      'data must have an entity in its training split',
    ],
    [
      'unlabelled posts to test on',
      'test.jsonl',
      '{"tokens":["hello","rob"]}',
      'test.jsonl:1 must have labels to be trained on or scored',
    ],
  ])('%s, before it loads an encoder', async (_, name, line, message) => {
    const data = await newFolder()
    await writeFile(join(data, 'train.jsonl'), '{"tokens":["hello","rob"],"labels":["O","B-PER"]}')
    await writeFile(join(data, name), line)
    const run = trainRun({ ...QUICK, data, textEncoder: join(data, 'missing'), out: join(data, 'out') })
    await expect(run).rejects.toThrow(message)
  })

  it('a random text encoder that its tokenizer does not fit', async () => {
    const { data, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 }, 32)
    const run = { ...QUICK, data, textEncoder, out }
    await expect(trainRun(run)).rejects.toThrow(
      /maxLength must be at most 32, the positions that .*config\.json gives the text encoder. Received: 64/,
    )
    const config = await readJson(textEncoder, 'config.json')
    await writeFile(join(textEncoder, 'config.json'), JSON.stringify({ ...config, vocab_size: 9 }))
    await expect(trainRun({ ...run, maxLength: 32 })).rejects.toThrow(
      'must have ids below the vocabSize of config.json, 9',
    )
  })
})

it('splits JSONL texts as the model will be used', async () => {
  const { folder, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 })
  const data = join(folder, 'jsonl')
  await mkdir(data)
  const line = { text: 'ab c', entities: [{ start: 0, end: 2, type: 'PER' }] }
  await writeFile(join(data, 'train.jsonl'), JSON.stringify(line))
  const { heard, onRead } = listener()
  await trainRun({ ...QUICK, data, textEncoder, out, splitter: 'characters', onRead })
  expect(heard.splits[0]!.examples[0]!.words).toEqual(['a', 'b', 'c'])
  expect((await readJson(out, 'config.json')).preprocessing.splitter).toBe('characters')
})

it('reads posts as it is told, names what it does not read, and stops at what it would read wrong', async () => {
  const { folder, textEncoder, out } = await writeTask({ train: 12, valid: 3, test: 3 })
  const data = join(folder, 'python')
  await mkdir(data)
  const posts = [
    { text: '😀 ab c', entities: [{ start: 2, end: 4, type: 'PER' }], mood: 'fine' },
    { text: 'ab c', entities: [{ start: 0, end: 2, type: 'PER' }] },
  ]
  await writeFile(join(data, 'train.jsonl'), posts.map(post => `${JSON.stringify(post)}\n`).join(''))
  await writeFile(join(data, 'train2.jsonl'), '')
  const run = { ...QUICK, data, textEncoder, out }
  await expect(trainRun(run)).rejects.toThrow(/the first of 1 such.*All fit as code points, end exclusive/)
  const { heard, onRead } = listener()
  await trainRun({ ...run, offsets: 'codepoints', onRead })
  expect(heard.splits[0]!.examples.map(({ labels }) => labels!.join(' '))).toEqual(['O B-PER O', 'B-PER O'])
  expect(heard.splits[0]!.report.unknownFields).toEqual(['mood'])
  expect(heard.notes).toContain('Not read of the data folder: "train2.jsonl".')
  expect((await readJson(out, 'run.json')).offsets).toBe('codepoints')

  await writeFile(join(data, 'train.jsonl'), '{"text":"ab c","label":"good"}\n')
  await expect(trainRun({ ...run, overwrite: true })).rejects.toThrow(
    /Received: post .* with a class, no entities/,
  )
})

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collate } from '@mafjs/data'
import { textEncoderConfigToHuggingFace, WORD_SHAPES } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import { InterruptedError, takeSnapshot } from '@mafjs/train'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import { exportRun } from '../../src/export/export-run'
import { batchArrays } from '../../src/model/batch-arrays'
import { loadMaf } from '../../src/predict/load-maf'
import { trainRun } from '../../src/train/train-run'
import type { TrainRunOptions } from '../../src/train/train-run-options'
import { BOTH_ENGINES } from '../engine/both-engines'
import { contents } from './contents'

const ENGINE = { engine: 'onnx', threads: 1 } as const
const TABLE = 'text_encoder.embeddings.word_shape_embeddings.weight'
const WORDS = ['may', 'us', 'bill', 'rose', 'mark', 'it', 'march', 'apple']

/** A word in lower case is nothing, with an initial a person, in capitals a place: the pieces are the same. */
const CASES = [
  { spell: (word: string) => word, label: 'O' },
  { spell: (word: string) => word[0]!.toUpperCase() + word.slice(1), label: 'B-PER' },
  { spell: (word: string) => word.toUpperCase(), label: 'B-LOC' },
]

function drawPosts(count: number, site: string) {
  const draws = uniform(count * 12, { seed: 1, site })
  return Array.from({ length: count }, (_, post) => {
    const own = draws.subarray(post * 12, post * 12 + 12)
    const words = Array.from({ length: 4 + (post % 3) }, (_, i) => {
      const { spell, label } = CASES[Math.floor(own[2 * i]! * CASES.length)]!
      return { word: spell(WORDS[Math.floor(own[2 * i + 1]! * WORDS.length)]!), label }
    })
    return { tokens: words.map(({ word }) => word), labels: words.map(({ label }) => label) }
  })
}

let root: string
let run: Omit<TrainRunOptions, 'out'>
let shaped: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-case-'))
  const [data, textEncoder] = [join(root, 'data'), join(root, 'bert')]
  for (const folder of [data, textEncoder]) await mkdir(folder)
  const lines = (posts: object[]) => `${posts.map(post => JSON.stringify(post)).join('\n')}\n`
  await writeFile(join(data, 'train.jsonl'), lines(drawPosts(48, 'train')))
  await writeFile(join(data, 'valid.jsonl'), lines(drawPosts(24, 'valid')))
  // "mark" and "march" are of two pieces each.
  const vocab = '[PAD] [UNK] [CLS] [SEP] may us bill rose mar ##k ##ch it apple'.split(' ')
  const sizes = { vocabSize: vocab.length, hidden: 16, layers: 1, heads: 2, maxPositions: 16 }
  const bert = textEncoderConfigToHuggingFace({ kind: 'bert', ...sizes, intermediate: 32 })
  await writeFile(join(textEncoder, 'config.json'), JSON.stringify(bert))
  await writeFile(join(textEncoder, 'vocab.txt'), vocab.join('\n'))
  await writeFile(join(textEncoder, 'tokenizer_config.json'), JSON.stringify({ do_lower_case: true }))
  run = {
    ...{ data, textEncoder, randomTextEncoder: true, splitter: 'whitespace', maxLength: 12 },
    ...{ epochs: 12, batchSize: 8, learningRate: 1e-2, schedule: 'constant', warmup: 0, ...ENGINE },
  }
  shaped = join(root, 'shaped')
  await trainRun({ ...run, wordShapes: true, out: shaped })
})
afterAll(() => rm(root, { recursive: true }))

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'))
const f1Of = async (model: string) =>
  (await evaluateRun({ ...ENGINE, model, data: run.data, split: 'valid' })).report.strict.micro.f1

/** Posts of a test, one of which is read in windows. */
const POSTS = [...drawPosts(8, 'test'), { tokens: drawPosts(5, 'long').flatMap(({ tokens }) => tokens) }]

async function annotated(model: string, engine: object = ENGINE) {
  const maf = await loadMaf(model, engine)
  const answers = []
  for await (const result of maf.annotateMany(
    POSTS.map(({ tokens }) => ({ text: tokens.join(' '), tokens })),
  )) {
    if ('error' in result) throw result.error
    answers.push(result.annotation.entities)
  }
  await maf.dispose()
  return answers.flatMap((entities, post) =>
    entities.map(({ type, start, end, score }) => ({ entity: [post, type, start, end].join(' '), score })),
  )
}
type Answers = Awaited<ReturnType<typeof annotated>>
const entities = (answers: Answers) => answers.map(({ entity }) => entity)
const furthest = (a: Answers, b: Answers) =>
  Math.max(...a.map(({ score }, i) => Math.abs(score - b[i]!.score)))

test('what only the case of a word tells is learnt with its shape, and cannot be without', async () => {
  const plain = join(root, 'plain')
  await trainRun({ ...run, out: plain })
  expect(await f1Of(shaped)).toBeGreaterThan(0.95)
  expect(await f1Of(plain)).toBeLessThan(0.5)
  const { model } = await readJson(shaped, 'config.json')
  expect(model.textEncoder.wordShapes).toEqual(WORD_SHAPES)
  expect((await readJson(shaped, 'run.json')).wordShapes).toBe(true)
  expect(await readFile(join(shaped, 'README.md'), 'utf8')).toContain(
    'from random weights, with the shapes of words.',
  )
  for (const name of ['config.json', 'run.json', 'README.md']) {
    expect(await readFile(join(plain, name), 'utf8')).not.toMatch(/shapes/i)
  }
})

test('a training with shapes is the same on either engine', async () => {
  const histories: number[][] = []
  for (const [name, engine] of BOTH_ENGINES) {
    const out = join(root, `engine-${name}`)
    const { engine: _engine, threads: _threads, ...options } = run
    const { training } = await trainRun({ ...options, ...engine, wordShapes: true, epochs: 3, out })
    expect(training.withoutGradient).toEqual([])
    histories.push(training.history.map(({ total }) => total))
  }
  for (const [epoch, total] of histories[0]!.entries()) expect(total).toBeCloseTo(histories[1]![epoch]!, 4)
})

test('a model with shapes predicts alike as checkpoint and export, for latency and in int8', async () => {
  const expected = await annotated(shaped)
  expect(expected.length).toBeGreaterThan(20)
  const eager = await annotated(shaped, { backend: 'cpu' })
  expect(entities(eager)).toEqual(entities(expected))
  expect(furthest(eager, expected)).toBeLessThan(1e-5)
  const out = join(root, 'export')
  for (const profile of [undefined, 'latency'] as const) {
    const { config } = await exportRun({ model: shaped, out, profile, overwrite: true, threads: 1 })
    expect(config.inputs.map(({ name }) => name)).toEqual(['ids', 'mask', 'shapes', 'firstPieces'])
    const exported = await annotated(out)
    expect(entities(exported)).toEqual(entities(expected))
    expect(furthest(exported, expected)).toBeLessThan(1e-5)
  }
  const int8 = { model: shaped, data: run.data, quantize: 'int8', threads: 1 } as const
  const { report } = await exportRun({ ...int8, out: join(root, 'int8') })
  expect(report!.accuracy.sameLabels).toBe(1)
  expect(entities(await annotated(join(root, 'int8')))).toEqual(entities(expected))
  expect(await f1Of(join(root, 'int8'))).toBe(await f1Of(shaped))

  // An export whose configuration says nothing of the shapes that its graph reads.
  const config = await readJson(out, 'config.json')
  delete config.model.textEncoder.wordShapes
  await writeFile(join(out, 'config.json'), JSON.stringify(config))
  await expect(loadMaf(out, ENGINE)).rejects.toThrow(
    'must have ids, mask, firstPieces as "inputs", as its "model" and "pictures" say. Received: ids, mask, shapes, firstPieces.',
  )
})

test('a checkpoint of other shapes, or without the table, is refused; so is a batch without shapes', async () => {
  const { model, tokenizer } = await loadCheckpoint(shaped)
  const { [TABLE]: table } = await takeSnapshot(model.parameters())
  const { shape, values } = table!
  const isTrained = (id: number) =>
    values.subarray(id * shape[1]!, (id + 1) * shape[1]!).some(value => value !== 0)
  // Plain is what the pretraining knew; of the others this corpus has two.
  expect(WORD_SHAPES.filter((_, id) => isTrained(id))).toEqual(['initial', 'capitals'])
  const post = { id: '', words: ['may'], source: { file: 'post', line: 1 } }
  expect(() => batchArrays(model.config, collate([post], { tokenizer }))).toThrow(
    'batch.shapes must be there: the text encoder reads the shapes of words. Received: nothing. Give collate wordShape',
  )
  model.dispose()
  const damaged = join(root, 'damaged')
  const config = await readJson(shaped, 'config.json')
  const write = async (wordShapes: unknown) => {
    await mkdir(damaged, { recursive: true })
    for (const name of ['model.safetensors', 'tokenizer.json']) {
      await writeFile(join(damaged, name), await readFile(join(shaped, name)))
    }
    const { textEncoder } = config.model
    const model = { ...config.model, textEncoder: { ...textEncoder, wordShapes } }
    await writeFile(join(damaged, 'config.json'), JSON.stringify({ ...config, model }))
  }
  await write([...WORD_SHAPES, 'another'])
  await expect(loadMaf(damaged, ENGINE)).rejects.toThrow(
    /wordShapes must be WORD_SHAPES, in this version plain/,
  )
  await write(['plain'])
  await expect(
    trainRun({ ...run, epochs: 1, wordShapes: true, init: damaged, out: join(root, 'begun') }),
  ).rejects.toThrow(
    /init must be a model with the shapes of words of this version.*Received: .* which reads plain\./,
  )
})

test('a run with shapes starts from a model without, and the other way round, and says what becomes of them', async () => {
  const begin = async (wordShapes: boolean, init: string) => {
    const notes: string[] = []
    const out = await mkdtemp(join(root, 'begun-'))
    await trainRun({
      ...{ ...run, wordShapes, init, epochs: 1, learningRate: 1e-9, out: join(out, 'run') },
      onRead: (_, said) => notes.push(...said),
      onNote: note => notes.push(note),
    })
    return { notes: notes.join('\n'), out: join(out, 'run') }
  }
  const without = await begin(false, shaped)
  expect(without.notes).toContain(
    'shaped reads the shapes of words: what it knows of them is left out without wordShapes: true.',
  )
  expect(without.notes).toContain(`These are there and have no place here: ${TABLE}.`)
  const anew = await begin(true, without.out)
  expect(anew.notes).toContain('reads no shapes of words: they begin with zeros.')
  const kept = await begin(true, shaped)
  expect(kept.notes).toMatch(/(\d+) of \1 parameters start with the weights of/)
  expect(await f1Of(kept.out)).toBe(await f1Of(shaped))
})

test('a run with shapes goes on where it was stopped, and only as such', async () => {
  const out = join(root, 'stopped')
  const options = { ...run, wordShapes: true, out }
  const controller = new AbortController()
  const stopped = trainRun({
    ...{ ...options, signal: controller.signal },
    onEvent: event => event.type === 'step' && event.step === 40 && controller.abort(),
  })
  await expect(stopped).rejects.toThrow(new InterruptedError(40))
  await expect(trainRun({ ...options, wordShapes: false, resume: true })).rejects.toThrow(/wordShapes/)
  await trainRun({ ...options, resume: true })
  expect(await contents(out)).toEqual(await contents(shaped))
})

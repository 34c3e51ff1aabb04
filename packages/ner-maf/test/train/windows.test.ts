import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { cutPosts, dividedPosts, type PictureBatch, windowRows } from '@mafjs/data'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import type { BatchArrays } from '../../src/model/batch-arrays'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { MafLosses } from '../../src/model/maf'
import { loadMaf } from '../../src/predict/load-maf'
import { nerTask } from '../../src/task/ner-task'
import { trainRun } from '../../src/train/train-run'
import { workplace } from '../data/workplace'
import { tensorsOf } from '../model/batch-tensors'
import { POSTS, pictures, tinyMaf, tinyText } from '../model/tiny'
import { longPost, tokenizerOf, withoutContext } from '../model/without-context'

beforeAll(() => useBackend('cpu'))

const TRAIN = [longPost(40, 'a.png'), ...POSTS.slice(0, 2), longPost(25)]

const ENGINE = { engine: 'onnx', threads: 1 } as const

/** The windows of the posts, and all of them as one batch to train on. */
async function batchOf(config: MafConfig, maxLength: number, windowOverlap?: number) {
  const tokenizer = tokenizerOf(maxLength)
  const rows = windowRows(TRAIN, { config, tokenizer, windowOverlap })
  const model = buildMaf(config)
  const task = nerTask(model, { tokenizer, pictures, train: rows })
  const batch = (await task.collate(rows, { seed: 1, step: 0 })) as BatchArrays
  model.dispose()
  return { rows, batch }
}

it('every window is an example with the pictures of its post, and every word counts once', async () => {
  const config = tinyMaf()
  const { rows, batch } = await batchOf(config, 16, 6)
  expect(dividedPosts(rows)).toBe(2)
  expect(cutPosts(rows)).toEqual([])
  expect(rows.length).toBeGreaterThan(8)
  const { labels, wordMask, image } = batch
  const counts = (ids: readonly number[]) =>
    config.labels.map((_, id) => ids.filter(one => one === id).length)
  const seen = [...labels!.data].filter((_, i) => wordMask!.data[i] === 1)
  const gold = TRAIN.flatMap(post => post.labels!).map(label => config.labels.indexOf(label))
  expect(counts(seen)).toEqual(counts(gold))
  const pictured = rows.filter(({ example }) => example.image !== undefined).length
  const { choice } = image as Omit<PictureBatch, 'present'>
  expect(choice.data.filter(one => one === 1)).toHaveLength(pictured)
})

it('without context and transitions, the loss of the windows adds up to the loss of the posts', async () => {
  const model = withoutContext(tinyText())
  for (const [name, variable] of Object.entries(model.parameters())) {
    if (name.startsWith('crf.')) variable.assign(tf.zeros(variable.shape))
  }
  const lossOf = async (maxLength: number, windowOverlap?: number): Promise<number> => {
    const { rows, batch } = await batchOf(model.config, maxLength, windowOverlap)
    const { tagging } = model.apply(tensorsOf(batch)).losses as MafLosses
    return tagging.dataSync()[0]! * rows.length
  }
  const whole = await lossOf(128)
  expect(whole).toBeGreaterThan(10)
  for (const overlap of [0, 6, 13]) expect(await lossOf(16, overlap)).toBeCloseTo(whole, 2)
  expect(await lossOf(16)).toBeLessThan(whole * 0.8)
  model.dispose()
})

it('over word pieces the words of an overlap count in both windows', async () => {
  const config = tinyMaf({ steps: 'pieces' })
  const { rows, batch } = await batchOf(config, 16, 6)
  const { labels } = batch
  const words = [...labels!.data].filter(id => /^[BI]-/.test(config.labels[id]!)).length
  const all = rows.flatMap(({ example }) => example.labels!).filter(label => label !== 'O').length
  expect(words).toBe(all)
  expect(all).toBeGreaterThan(TRAIN.flatMap(post => post.labels!).filter(label => label !== 'O').length)
})

it('a run reads long posts in windows, and its model, by default, too', async () => {
  const words = Array.from({ length: 30 }, (_, i) => (i % 6 === 4 ? 'paris' : 'a'))
  const long = words.map(word => `${word}\t${word === 'paris' ? 'B-LOC' : 'O'}`).join('\n')
  const file = `IMGID:1\n${long}\n\nIMGID:2\nkevin\tB-PER\n`
  const root = await workplace({ 'train.txt': file, 'test.txt': file })
  const run = {
    data: join(root, 'data'),
    textEncoder: root,
    randomTextEncoder: true,
    maxLength: 12,
    batchSize: 4,
    epochs: 25,
    learningRate: 0.03,
    ...ENGINE,
  } as const
  const out = join(root, 'model')
  const { training, test } = await trainRun({ ...run, out })
  expect(training).toMatchObject({ cut: [], windows: { posts: 1, examples: 5 } })
  expect(test!.strict.micro).toMatchObject({ support: 6, f1: 1 })
  const { preprocessing } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
  expect(preprocessing).toMatchObject({ maxLength: 12, windowOverlap: 3 })
  expect(await readFile(join(out, 'report.md'), 'utf8')).toContain(
    'read in windows: 1; with them there were 5 examples',
  )

  const evaluated = await evaluateRun({ model: out, data: run.data, ...ENGINE })
  expect(evaluated).toMatchObject({ cutPosts: 0, dividedPosts: 1, report: { strict: { micro: { f1: 1 } } } })
  const cut = await evaluateRun({ model: out, data: run.data, ...ENGINE, longTexts: 'cut' })
  expect(cut).toMatchObject({ cutPosts: 1, dividedPosts: 0 })
  expect(cut.report.strict.micro.recall).toBeCloseTo(2 / 6, 5)
  const maf = await loadMaf(out, { backend: 'cpu' })
  const { entities, cutWords } = await maf.annotate({ text: words.join(' ') })
  await maf.dispose()
  expect(cutWords).toBe(0)
  expect(entities.map(({ text, start }) => [text, start])).toEqual(
    words.flatMap((word, i) => (word === 'paris' ? [['paris', words.slice(0, i).join(' ').length + 1]] : [])),
  )
  await trainRun({ ...run, epochs: 1, longTexts: 'cut', out: join(root, 'cut') })
  const text = await readFile(join(root, 'cut', 'config.json'), 'utf8')
  expect(JSON.parse(text).preprocessing).not.toHaveProperty('windowOverlap')
})

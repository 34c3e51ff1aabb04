import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineOptions } from '@mafjs/compile/engine'
import { TEXT_ENCODER_KINDS } from '@mafjs/encoders'
import { describe, expect, test } from 'vitest'
import { exportRun } from '../../src/export/export-run'
import { loadMaf } from '../../src/predict/load-maf'
import { trainRun } from '../../src/train/train-run'
import { BOTH_ENGINES } from '../engine/both-engines'
import { newFolder, writeResNet } from './run-files'

/** The tiny checkpoints that Hugging Face's own library wrote. */
const encoderOf = (kind: string) =>
  fileURLToPath(new URL(`../../../encoders/test/fixtures/text-encoders/${kind}`, import.meta.url))

/** A folder of posts, some with a word that becomes nothing. */
async function writePosts(folder: string): Promise<string> {
  const data = join(folder, 'data')
  await mkdir(data)
  const post = (name: string, place: string) => ({
    tokens: ['tolu', name, 'rasa', '\u200b', place, '!'],
    labels: ['O', 'B-PER', 'O', 'O', 'B-LOC', 'O'],
  })
  const names = ['Lomi', 'Vone', 'Luto', 'Sara']
  const posts = names.flatMap(name => names.map(place => JSON.stringify(post(name, place.toLowerCase()))))
  await writeFile(join(data, 'train.jsonl'), posts.join('\n'))
  await writeFile(join(data, 'test.jsonl'), posts.slice(0, 3).join('\n'))
  return data
}

const RUN = { epochs: 2, batchSize: 5, learningRate: 1e-2, maxLength: 40 } as const
const ONNX = { engine: 'onnx', threads: 1 } as const
/** With its words: the splitter makes none of a sign that nobody sees. */
const POST = {
  text: 'tolu Lomi rasa \u200b vone !',
  tokens: ['tolu', 'Lomi', 'rasa', '\u200b', 'vone', '!'],
}

async function entitiesOf(model: string, engine: EngineOptions) {
  const maf = await loadMaf(model, engine)
  const { entities } = await maf.annotate(POST)
  await maf.dispose()
  expect(entities.map(({ type, text }) => [type, text])).toEqual([
    ['PER', 'Lomi'],
    ['LOC', 'vone'],
  ])
  return entities.map(({ score }) => score)
}

const close = (actual: number[], expected: number[], digits: number): void => {
  expect(actual).toHaveLength(expected.length)
  for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, digits)
}

describe.each(TEXT_ENCODER_KINDS)('a model with %s', kind => {
  test('is trained alike by both engines, and once it has learnt something, used alike', async () => {
    const folder = await newFolder()
    const data = await writePosts(folder)
    // Until it has learnt it on one engine, two epochs on the other, which the schedule makes the same as the first two.
    const run = { ...RUN, data, textEncoder: encoderOf(kind), schedule: 'constant', warmup: 0 } as const
    const losses: number[][] = []
    for (const [name, engine] of BOTH_ENGINES) {
      const epochs = engine.engine === 'onnx' ? 25 : 2
      const { training } = await trainRun({ ...run, ...engine, epochs, out: join(folder, name) })
      expect(training.withoutGradient).toEqual([])
      losses.push(training.history.slice(0, 2).map(({ total }) => total))
    }
    close(losses[0]!, losses[1]!, 3)
    const out = join(folder, 'onnx')
    const { model } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
    expect(model.textEncoder).toMatchObject({ kind, hidden: 16, maxPositions: 64 })
    const scores: number[][] = []
    for (const [, engine] of BOTH_ENGINES) scores.push(await entitiesOf(out, engine))
    close(scores[0]!, scores[1]!, 4)
  }, 30_000)
})

test('XLM-R starts from random weights, and is exported', async () => {
  const folder = await newFolder()
  const data = await writePosts(folder)
  const textEncoder = join(folder, 'encoder')
  await mkdir(textEncoder)
  for (const file of ['config.json', 'tokenizer.json']) {
    await copyFile(join(encoderOf('xlm-roberta'), file), join(textEncoder, file))
  }
  const [out, exported] = [join(folder, 'out'), join(folder, 'exported')]
  await trainRun({ ...RUN, ...ONNX, epochs: 20, data, textEncoder, randomTextEncoder: true, out })
  await exportRun({ model: out, out: exported, threads: 1 })
  close(await entitiesOf(exported, ONNX), await entitiesOf(out, ONNX), 4)
})

test('the reference preset, which reads a pooler, says that DistilBERT has none', async () => {
  const folder = await newFolder()
  const { file: imageEncoder } = await writeResNet(folder)
  const run = {
    data: await writePosts(folder),
    textEncoder: encoderOf('distilbert'),
    out: join(folder, 'out'),
  }
  await expect(trainRun({ ...run, imageEncoder, preset: 'reference' })).rejects.toThrow(
    /summary must be 'cls' of kind 'distilbert'.*as ner-maf's default preset does/,
  )
})

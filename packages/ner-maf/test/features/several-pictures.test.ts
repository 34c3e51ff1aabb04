import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { readDataset } from '@mafjs/data'
import { preparationOf } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import { exportRun } from '../../src/export/export-run'
import { batchFeatures } from '../../src/features/batch-features'
import type { Features } from '../../src/features/features'
import { openFeatures } from '../../src/features/open-pictures'
import { loadMaf } from '../../src/predict/load-maf'
import { createMafProgram } from '../../src/task/maf-program'
import { tag } from '../../src/task/tag'
import { trainRun } from '../../src/train/train-run'
import { writeResNet, writeTask } from '../train/run-files'

const picture = (site: string): Features => ({
  regions: 2,
  channels: 3,
  states: uniform(6, { seed: 1, site }),
  summary: uniform(3, { seed: 2, site }),
  mask: Float32Array.of(1, 1),
})
const NONE: Features = { ...picture('none'), mask: new Float32Array(2) }

describe('a batch of features', () => {
  it('has the regions of all pictures side by side, masks the places left, and the mean of the summaries', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(picture)
    const { states, summary, mask, present } = batchFeatures([[a!, b!], [], [c!]], NONE)
    expect(states.shape).toEqual([3, 4, 3])
    expect([...states.data]).toEqual([a!, b!, NONE, NONE, c!, NONE].flatMap(one => [...one.states]))
    expect([...mask.data]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0])
    expect([...present]).toEqual([1, 0, 1])
    for (let i = 0; i < 3; i++) expect(summary.data[i]).toBeCloseTo((a!.summary[i]! + b!.summary[i]!) / 2, 6)
    expect([...summary.data.slice(3)]).toEqual([...NONE.summary, ...c!.summary])
  })

  it('of single pictures is what it always was, bit for bit', () => {
    const a = picture('a')
    const { states, summary, mask } = batchFeatures([[a], []], NONE)
    expect([...states.data]).toEqual([...a.states, ...NONE.states])
    expect([...summary.data]).toEqual([...a.summary, ...NONE.summary])
    expect([...mask.data]).toEqual([1, 1, 0, 0])
  })
})

beforeAll(() => useEngine({ engine: 'onnx', threads: 1 }))

/** The demo's posts, every second of those with a picture with a second one. */
async function task() {
  const files = await writeTask({ train: 16, valid: 4, test: 8 })
  const { file } = await writeResNet(files.folder)
  for (const split of ['train', 'valid', 'test'] as const) {
    const path = join(files.data, `${split}.txt`)
    const lines = (await readFile(path, 'utf8')).split('\n')
    const names = lines.filter(line => line.startsWith('IMGID:'))
    let met = 0
    const more = lines.flatMap(line => {
      if (!line.startsWith('IMGID:') || met++ % 2 === 1) return [line]
      return [line, names[(met + 2) % names.length]!].filter((name, i, all) => all.indexOf(name) === i)
    })
    await writeFile(path, more.join('\n'))
  }
  const options = {
    ...{ data: files.data, images: files.images, textEncoder: files.textEncoder, imageEncoder: file },
    ...{ randomTextEncoder: true, maxLength: 64, epochs: 2, batchSize: 8, learningRate: 1e-2, seed: 5 },
    ...{ engine: 'onnx' as const, threads: 1, featureCache: join(files.folder, 'cache') },
  }
  return { ...files, options }
}

it('posts with several pictures are trained, evaluated and predicted; the second picture counts', {
  timeout: 120_000,
}, async () => {
  const { folder, data, images, options } = await task()
  const out = join(folder, 'out')
  const { test } = await readDataset({ data, images })
  const several = test!.examples.filter(example => example.images)
  expect(several.length).toBeGreaterThan(1)
  await trainRun({ ...options, out })
  const { featureCache } = options
  const evaluated = await evaluateRun({ model: out, data, images, featureCache, threads: 1 })
  expect(evaluated.notes.at(-1)).toMatch(/ 0 computed/)

  // The same model on the same posts, once with their first pictures only.
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const checkpoint = await loadCheckpoint(out)
  const { model, tokenizer, config } = checkpoint
  const program = createMafProgram(model, engine)
  const preparation = preparationOf({ pictureSize: config.preprocessing.pictureSize! })
  const store = await openFeatures({ parts: model.parts, engine, images, preparation, featureCache })
  const tagThem = (examples: typeof several) =>
    tag(examples, { model, program, tokenizer, loadPictures: store.loadBatch, batchSize: 3 })
  const all = await tagThem(test!.examples)
  const firsts = await tagThem(test!.examples.map(({ images: _, ...example }) => example))
  for (const [i, example] of test!.examples.entries()) {
    expect(evaluated.predictions[i]!.match ?? -1).toBeCloseTo(all[i]!.match ?? -1, 5)
    const difference = Math.abs((all[i]!.match ?? 0) - (firsts[i]!.match ?? 0))
    if (example.images) expect(difference).toBeGreaterThan(1e-5)
    // Others are in batches with more room: equal up to rounding.
    else expect(difference).toBeLessThan(1e-6)
  }
  await store.dispose()
  await program.dispose()
  model.dispose()

  const maf = await loadMaf(out, { threads: 1 })
  const [example] = several
  const text = example!.words.join(' ')
  const paths = example!.images!.map(name => join(images, name))
  const { match } = await maf.annotate({ text, tokens: example!.words, images: paths })
  expect(match).toBeCloseTo(all[test!.examples.indexOf(example!)]!.match!, 5)
  await maf.dispose()
})

it('where the pictures themselves are read, a post with several is refused by its line', {
  timeout: 120_000,
}, async () => {
  const { folder, data, images, options } = await task()
  const out = join(folder, 'out')
  const trained = { ...options, out: join(folder, 'trained'), trainImageEncoder: true }
  const rule = /train\.txt:\d+ must be a post with one picture at most where the pictures themselves are read/
  await expect(trainRun(trained)).rejects.toThrow(rule)
  await trainRun({ ...options, out, epochs: 1 })
  await exportRun({ model: out, out: join(out, 'onnx'), threads: 1 })
  const maf = await loadMaf(out, { threads: 1 })
  const { test } = await readDataset({ data, images })
  const example = test!.examples.find(post => post.images)!
  const paths = example.images!.map(name => join(images, name))
  const text = example.words.join(' ')
  await expect(maf.annotate({ text, images: paths })).rejects.toThrow(
    'images must be one picture for an exported model, which encodes one of each post.',
  )
  expect((await maf.annotate({ text, images: paths.slice(0, 1) })).match).not.toBeNull()
  await maf.dispose()
})

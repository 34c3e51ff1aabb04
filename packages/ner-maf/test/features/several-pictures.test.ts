import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { readDataset } from '@mafjs/data'
import { preparationOf } from '@mafjs/encoders'
import { beforeAll, expect, it } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import { openModelPictures } from '../../src/features/model-pictures'
import { loadMaf } from '../../src/predict/load-maf'
import { createMafProgram } from '../../src/task/maf-program'
import { tag } from '../../src/task/tag'
import { trainRun } from '../../src/train/train-run'
import { writeResNet, writeTask } from '../train/run-files'

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
  const store = await openModelPictures({ model, engine, images, preparation, featureCache })
  const tagThem = (examples: typeof several) =>
    tag(examples, { model, program, tokenizer, pictures: store, batchSize: 3 })
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

it('an image encoder that is trained reads several pictures too, in training, evaluation and prediction', {
  timeout: 120_000,
}, async () => {
  const { folder, data, images, options } = await task()
  const out = join(folder, 'trained')
  const resNet = { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 2, pictureSize: 32 }
  const imageEncoder = join(folder, 'resnet.json')
  await writeFile(imageEncoder, JSON.stringify(resNet))
  const run = { ...options, out, imageEncoder, trainImageEncoder: true, epochs: 1 }
  const report = await trainRun(run)
  const { predictions, report: evaluation } = await evaluateRun({ model: out, data, images, threads: 1 })
  expect(evaluation.strict.micro).toEqual(report.test!.strict.micro)
  const maf = await loadMaf(out, { threads: 1 })
  const { test } = await readDataset({ data, images })
  for (const [i, { words: tokens, image, images: several }] of test!.examples.entries()) {
    const paths = (several ?? (image ? [image] : [])).map(name => join(images, name))
    const { match } = await maf.annotate({ text: tokens.join(' '), tokens, images: paths })
    expect(match ?? -1).toBeCloseTo(predictions[i]!.match ?? -1, 5)
  }
  await maf.dispose()
})

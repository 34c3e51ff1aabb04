import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { decodePictures } from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import {
  createResNetEncoder,
  createVisionTransformer,
  loadImageEncoder,
  loadPicture,
  loadWeights,
  preparationOf,
  saveWeights,
} from '@mafjs/encoders'
import { storeFloat32 } from '@mafjs/tensor/safetensors'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import { exportRun } from '../../src/export/export-run'
import { loadMaf } from '../../src/predict/load-maf'
import { trainRun } from '../../src/train/train-run'
import type { TrainRunOptions } from '../../src/train/train-run-options'
import { writeResNet, writeTask } from '../train/run-files'
import { writeOnnx, writeTinyOnnx } from './write-onnx'

const QUICK = { randomTextEncoder: true, epochs: 1, batchSize: 4, learningRate: 1e-2, maxLength: 64 } as const
const ENGINES = [
  ['onnx', { engine: 'onnx', threads: 1 }],
  ['onnx in a thread of its own', { engine: 'onnx', threads: 1, worker: true }],
  ['tfjs', { backend: 'wasm' }],
] as const

/** A small task whose every post has a picture or not as the corpus draws it. */
const task = () => writeTask({ train: 8, valid: 2, test: 2 })

/** What a trained folder says of the posts with pictures, in numbers. */
async function matches(
  folder: string,
  { corpus, images }: Awaited<ReturnType<typeof task>>,
  engine: (typeof ENGINES)[number][1],
): Promise<number[]> {
  const maf = await loadMaf(folder, engine)
  const posts = [...corpus.train, ...corpus.test].filter(({ image }) => image).slice(0, 5)
  const found: number[] = []
  const given = posts.map(({ words, image }) => ({
    text: words.join(' '),
    tokens: words,
    image: join(images, image!),
  }))
  for await (const result of maf.annotateMany(given, { batchSize: 2 })) {
    if ('error' in result) throw result.error
    found.push(result.annotation.match!, ...result.annotation.entities.map(({ score }) => score))
  }
  await maf.dispose()
  return found
}

/** What a folder says of a post with these pictures, twice each where there are any, in numbers. */
async function annotated(folder: string, pictures: readonly string[]): Promise<number[]> {
  const maf = await loadMaf(folder, { engine: 'onnx', threads: 1 })
  const images = [...pictures, ...pictures]
  const { match, entities } = await maf.annotate({ text: 'kevin loves paris in the spring', images })
  await maf.dispose()
  return [match ?? -1, ...entities.flatMap(({ start, score }) => [start, score])]
}

const expectSame = (received: readonly number[], wanted: readonly number[], tolerance: number): void => {
  expect(received).toHaveLength(wanted.length)
  for (const [i, value] of wanted.entries()) expect(Math.abs(received[i]! - value)).toBeLessThan(tolerance)
}

describe('an ONNX image model through ner-maf', () => {
  test('trains, is saved with the model, scores and predicts the same on every engine', async () => {
    const files = await task()
    const { data, images, textEncoder, folder } = files
    const onnx = await writeTinyOnnx(folder)
    const losses: number[][] = []
    for (const [i, [, engine]] of ENGINES.entries()) {
      const out = join(folder, `out-${i}`)
      const notes: string[] = []
      const report = await trainRun({
        ...QUICK,
        ...engine,
        data,
        images,
        textEncoder,
        imageEncoder: onnx,
        regionsOutput: 'first',
        pictureMean: [0.5, 0.5, 0.5],
        out,
        onRead: (_, said) => notes.push(...said),
      })
      expect(notes).toContain(
        'The image model gives 9 regions of 5 numbers for 12 x 12 pixels, their mean as the summary.',
      )
      losses.push(Object.values(report.training.history[0]!))
      expect(await readdir(out)).toContain('image-encoder.onnx')
      expect(await readFile(join(out, 'image-encoder.onnx'))).toEqual(await readFile(onnx))
      const { model, preprocessing } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
      expect(model.imageEncoder).toMatchObject({
        kind: 'onnx',
        regionsOutput: 'first',
        channels: 5,
      })
      expect(preprocessing).toMatchObject({ pictureSize: 12, pictureTransform: { mean: [0.5, 0.5, 0.5] } })
      const again = await evaluateRun({ model: out, data, images, ...engine })
      expect(again.report).toMatchObject(report.test!)
    }
    // How pictures are prepared reaches the training.
    const usual = await trainRun({
      ...{ ...QUICK, data, images, textEncoder, out: join(folder, 'usual'), engine: 'onnx', threads: 1 },
      ...{ imageEncoder: onnx, regionsOutput: 'first' },
    })
    expect(Math.abs(usual.training.history[0]!.total - losses[0]![0]!)).toBeGreaterThan(1e-4)
    // A checkpoint of one engine on the other, without the file it was trained from.
    await rm(onnx)
    const compiled = await matches(join(folder, 'out-0'), files, { engine: 'onnx', threads: 1 })
    expectSame(await matches(join(folder, 'out-0'), files, { backend: 'wasm' }), compiled, 1e-5)
    for (const loss of losses) expectSame(loss, losses[0]!, 1e-3)
    expect(losses[0]!.every(loss => loss > 0)).toBe(true)
  })

  test('a ResNet that was exported trains like the ResNet', async () => {
    const { data, images, textEncoder, folder } = await task()
    const { file } = await writeResNet(folder)
    await useBackend('cpu')
    const weights = await loadWeights(file)
    const resnet = createResNetEncoder({ kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 2 })
    for (const [name, variable] of Object.entries(resnet.parameters())) {
      variable.assign(tf.tensor(weights[name]!.values(), variable.shape))
    }
    const onnx = await writeOnnx(
      pixels => {
        const { states, summary } = resnet.apply({ pixels, present: tf.ones([pixels.shape[0]]) })
        return { states, summary }
      },
      224,
      folder,
    )
    const shared = { ...QUICK, data, images, textEncoder, engine: 'onnx', threads: 1 } as const
    const own = await trainRun({ ...shared, imageEncoder: file, out: join(folder, 'own') })
    const run = await trainRun({
      ...shared,
      imageEncoder: onnx,
      regionsOutput: 'states',
      summaryOutput: 'summary',
      out: join(folder, 'onnx'),
    })
    const loss = ({ training }: typeof own): number[] => Object.values(training.history[0]!)
    expectSame(loss(run), loss(own), 1e-4)
    resnet.dispose()
  })

  test('is exported with the model: that folder alone answers as the checkpoint does, in int8 too', async () => {
    const files = await task()
    const { data, images, textEncoder, folder, out } = files
    const imageEncoder = await writeTinyOnnx(folder)
    const one = { engine: 'onnx', threads: 1 } as const
    await trainRun({ ...QUICK, ...one, data, images, textEncoder, imageEncoder, regionsOutput: 'first', out })
    const expected = await matches(out, files, one)
    const several = (place: string) =>
      annotated(place, [join(images, files.corpus.train.find(({ image }) => image)!.image!)])
    const [alone, int8] = ['alone', 'int8'].map(name => join(folder, name)) as [string, string]
    const { config } = await exportRun({ model: out, out: alone, threads: 1 })
    expect(config.inputs.map(({ name }) => name)).toEqual([
      'ids',
      'mask',
      'firstPieces',
      'regions',
      'summary',
      'regionMask',
    ])
    expect(config.pictures).toMatchObject({ size: 12 })
    await exportRun({ model: out, out: int8, threads: 1, quantize: 'int8', data, images, force: true })
    const [twice, none] = [await several(out), await annotated(out, [])]
    await rm(out, { recursive: true })
    await rm(imageEncoder)
    expectSame(await matches(alone, files, one), expected, 1e-5)
    expectSame(await several(alone), twice, 1e-5)
    expectSame(await annotated(alone, []), none, 1e-5)
    expect(await matches(int8, files, one)).toHaveLength(expected.length)
    const file = join(alone, 'image-encoder.onnx')
    await writeFile(file, (await readFile(file)).subarray(7))
    await expect(loadMaf(alone, one)).rejects.toThrow(/image-encoder\.onnx must be the model whose SHA-256/)
    await rm(file)
    await expect(loadMaf(alone, one)).rejects.toThrow(/image-encoder\.onnx must be a file that can be read/)
  })

  test('a .json encoder of random weights that stays frozen is a part of the exported graph', async () => {
    const files = await task()
    const { data, images, textEncoder, folder, out } = files
    const imageEncoder = join(folder, 'tiny.json')
    const resnet = { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 2, pictureSize: 32 }
    await writeFile(imageEncoder, JSON.stringify(resnet))
    const one = { engine: 'onnx', threads: 1 } as const
    const groups = [{ parameters: 'image_encoder', frozen: true }]
    await trainRun({ ...QUICK, ...one, data, images, textEncoder, imageEncoder, groups, out })
    const expected = await matches(out, files, one)
    const alone = join(folder, 'alone')
    const { config } = await exportRun({ model: out, out: alone, threads: 1 })
    await rm(out, { recursive: true })
    expect(config.pictures).toMatchObject({ size: 32, resize: 32 })
    expectSame(await matches(alone, files, one), expected, 1e-5)
  })

  test('it is damaged, missing, or left behind: each is told, and none is served', async () => {
    const { data, images, textEncoder, folder, out } = await task()
    const onnx = await writeTinyOnnx(folder)
    const run: TrainRunOptions = { ...QUICK, data, images, textEncoder, out, engine: 'onnx', threads: 1 }
    await trainRun({ ...run, imageEncoder: onnx, regionsOutput: 'first' })
    const { model } = await loadCheckpoint(out)
    const pixels = { pixels: tf.zeros([1, 12, 12, 3]), present: tf.ones([1]) }
    const text = { ids: tf.ones([1, 3], 'int32'), mask: tf.ones([1, 3]) }
    expect(() => model.apply({ text, image: pixels } as never)).toThrow('Encode the pictures first')
    model.dispose()
    const saved = join(out, 'image-encoder.onnx')
    await writeFile(saved, (await readFile(saved)).subarray(7))
    await expect(loadCheckpoint(out)).rejects.toThrow(/image-encoder\.onnx must be the model whose SHA-256/)
    await rm(saved)
    await expect(loadCheckpoint(out)).rejects.toThrow('must hold a readable image-encoder.onnx')
    await trainRun({ ...run, imageEncoder: onnx, regionsOutput: 'first', overwrite: true })
    expect(await readdir(out)).toContain('image-encoder.onnx')
    await trainRun({ ...run, overwrite: true })
    expect(await readdir(out)).not.toContain('image-encoder.onnx')
  })
})

describe('a ViT and a CLIP through ner-maf', () => {
  test.each(['vit', 'clip'] as const)(
    '%s: eager is compiled, and pictures are prepared as saved',
    async kind => {
      const files = await task()
      const { data, images, textEncoder, folder } = files
      await useBackend('cpu')
      const sizes = { imageSize: 12, patchSize: 4, hidden: 8, layers: 2, heads: 2, intermediate: 12 }
      const encoder = createVisionTransformer({ kind, ...sizes, seed: 3 })
      const tensors = Object.entries(encoder.parameters()).map(([name, variable]) => {
        return [name, storeFloat32(Float32Array.from(variable.dataSync()), variable.shape)] as const
      })
      encoder.dispose()
      await saveWeights(join(folder, 'model.safetensors'), Object.fromEntries(tensors))
      const names = { image_size: 12, patch_size: 4, hidden_size: 8, num_hidden_layers: 2 }
      const heads = { num_attention_heads: 2, intermediate_size: 12 }
      const type = kind === 'vit' ? 'vit' : 'clip_vision_model'
      await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: type, ...names, ...heads }))
      const processor = { image_processor_type: `${kind === 'vit' ? 'ViT' : 'CLIP'}ImageProcessor` }
      const prepared = JSON.stringify({ ...processor, size: 12, crop_size: 12 })
      await writeFile(join(folder, 'preprocessor_config.json'), prepared)
      const losses: number[][] = []
      for (const [i, [, engine]] of [ENGINES[0], ENGINES[2]].entries()) {
        const out = join(folder, `out-${i}`)
        const shared = { ...QUICK, ...engine, data, images, textEncoder, out }
        const report = await trainRun({ ...shared, imageEncoder: folder })
        losses.push(Object.values(report.training.history[0]!))
      }
      for (const loss of losses) expectSame(loss, losses[0]!, 1e-3)
      const out = join(folder, 'out-0')
      const { preprocessing } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
      expect(preprocessing).toMatchObject({
        pictureSize: 12,
        pictureResize: 12,
        pictureTransform: { halfPixel: 'down', resample: kind === 'vit' ? 'bilinear' : 'bicubic' },
      })
      const { preparation } = await loadImageEncoder(folder)
      const image = files.corpus.train.find(post => post.image)!.image!
      const { pixels } = await loadPicture(join(images, image), preparation)
      const post = await decodePictures({ sources: [join(images, image)] }, source =>
        loadPicture(source, preparationOf(preprocessing)),
      )
      expect(post.pictures.map(({ pixels }) => pixels)).toEqual([pixels])
      const store = openPictures({ images, preparation: preparationOf(preprocessing) })
      const example = { id: '', words: ['a'], image, source: { file: 'a', line: 1 } }
      expect((await store.load([example])).pixels.data).toEqual(pixels)
      const compiled = await matches(out, files, { engine: 'onnx', threads: 1 })
      expectSame(await matches(out, files, { backend: 'wasm' }), compiled, 1e-5)
      if (kind === 'clip') return
      const exported = join(folder, 'export')
      const { config } = await exportRun({ model: out, out: exported, threads: 1 })
      expect(config.pictures).toMatchObject({ size: 12, resize: 12, halfPixel: 'down' })
      expectSame(await matches(exported, files, { engine: 'onnx', threads: 1 }), compiled, 1e-5)
    },
  )
})

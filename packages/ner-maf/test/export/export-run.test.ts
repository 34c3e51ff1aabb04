import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openOnnx, probeInt8 } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { batchPictures, collate, type Post } from '@mafjs/data'
import { openPictures } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import type { ExportConfig } from '../../src/export/export-config'
import { exportRun } from '../../src/export/export-run'
import { graphProgram } from '../../src/export/graph-feeds'
import { formatQuantization, type QuantizationReport } from '../../src/export/quantization-report'
import { batchArrays } from '../../src/model/batch-arrays'
import { loadMaf } from '../../src/predict/load-maf'
import { tag } from '../../src/task/tag'
import { eagerProgram, numbersOf } from '../engine/programs'
import { drawPosts, writePictures } from './posts'
import { SMALL_PICTURE, writeSmallCheckpoint } from './small-checkpoint'

let root: string
let model: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-export-'))
  model = join(root, 'checkpoint')
  await useBackend('cpu')
  await writeSmallCheckpoint(model)
})
afterAll(() => rm(root, { recursive: true }))
let out: string
beforeEach(async () => {
  await useBackend('cpu')
  out = join(await mkdtemp(join(root, 'out-')), 'export')
})

const readJson = async <T>(...path: string[]): Promise<T> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as T
const post = (words: string): Post => ({
  id: '',
  words: words.split(' '),
  source: { file: 'post', line: 1 },
})

describe('a float export', () => {
  test.each([
    { externalAbove: undefined, files: [] },
    { externalAbove: 0, files: ['model.onnx.data'] },
  ])('is a folder with all that is needed to run it ($externalAbove)', async ({ externalAbove, files }) => {
    const { config, tokenizer, model: maf } = await loadCheckpoint(model)
    const batch = collate([post('kevin loves paris'), post('in')], { tokenizer })
    const picture = Float32Array.from({ length: 3 * SMALL_PICTURE ** 2 }, (_, i) => Math.sin(i))
    const arrays = batchArrays(maf.config, batch, batchPictures([[], [picture]], { size: SMALL_PICTURE }))
    const expected = await eagerProgram(maf).run(arrays)
    const transitions = [...maf.parts.crf.parameters()['transitions']!.dataSync()]

    const { bytes } = await exportRun({
      model,
      out,
      threads: 1,
      ...(externalAbove !== undefined && { externalAbove }),
    })
    expect((await readdir(out)).sort()).toEqual(['config.json', 'model.onnx', ...files, 'tokenizer.json'])
    expect(bytes).toBeGreaterThan(200_000)
    expect(await readJson(out, 'tokenizer.json')).toEqual(await readJson(model, 'tokenizer.json'))
    const written = await readJson<ExportConfig>(out, 'config.json')
    expect(written).toMatchObject({
      model_type: 'maf-onnx',
      quantization: 'none',
      labels: ['O', 'B-LOC', 'I-LOC', 'B-PER', 'I-PER'],
      types: ['LOC', 'PER'],
      preprocessing: config.preprocessing,
      pictures: { size: SMALL_PICTURE, resize: SMALL_PICTURE, mean: [0.485, 0.456, 0.406] },
      crf: { constraints: 'bio' },
      inputs: [
        { name: 'ids', type: 'int32', shape: ['batch', 'tokens'] },
        { name: 'mask', type: 'float32', shape: ['batch', 'tokens'] },
        { name: 'firstPieces', type: 'float32', shape: ['batch', 'words', 'tokens'] },
        { name: 'pixels', type: 'float32', shape: ['pictures', SMALL_PICTURE, SMALL_PICTURE, 3] },
        { name: 'choice', type: 'float32', shape: ['batch', 'places', 'pictures'] },
      ],
      outputs: [
        { name: 'emissions', type: 'float32', shape: ['batch', 'words', 5] },
        { name: 'match', type: 'float32', shape: ['batch'] },
      ],
    })
    expect(written.crf.transitions.flat()).toEqual(transitions)

    const session = await openOnnx(join(out, 'model.onnx'), { threads: 1 })
    const program = graphProgram(session, { size: SMALL_PICTURE, single: false })
    const received = await program.run(arrays)
    for (const [i, value] of numbersOf(expected['emissions']).entries()) {
      expect(numbersOf(received['emissions'])[i]).toBeCloseTo(value, 4)
    }
    expect(numbersOf(received['match'])[1]).toBeCloseTo(numbersOf(expected['match'])[1]!, 5)
    await program.dispose()
    maf.dispose()
  })

  test('says what it was exported for, and is read as such', async () => {
    const plain = await exportRun({ model, out: join(out, '..', 'plain'), threads: 1 })
    const { config } = await exportRun({ model, out, threads: 1, profile: 'latency' })
    expect([plain.config.profile, config.profile]).toEqual([undefined, 'latency'])
    const holds = async (folder: string) =>
      (await readFile(join(folder, 'model.onnx'))).includes('MultiHeadAttention')
    expect([await holds(join(out, '..', 'plain')), await holds(out)]).toEqual([false, true])
    const loaded = await loadMaf(out, { engine: 'onnx', threads: 1 })
    expect((await loaded.annotate({ text: 'kevin loves paris' })).cutWords).toBe(0)
    await loaded.dispose()
    await writeFile(join(out, 'config.json'), JSON.stringify({ ...config, profile: 'speed' }))
    await expect(loadMaf(out, { engine: 'onnx', threads: 1 })).rejects.toThrow('no "profile" but latency')
    await expect(exportRun({ model, out: `${out}-2`, profile: 'speed' as never })).rejects.toThrow(
      'profile must be latency',
    )
    expect(await readdir(join(out, '..'))).not.toContain('export-2')
  })

  test('knows its checkpoint from a later one', async () => {
    const other = join(root, 'other')
    await cp(model, other, { recursive: true })
    await writeFile(join(other, 'README.md'), '# Card\n')
    const first = await exportRun({ model, out, threads: 1 })
    const copied = await exportRun({ model: other, out, overwrite: true, threads: 1 })
    expect(copied.config.source).toBe(first.config.source)
    // A card is the model's too, and says that this is an export.
    expect(await readFile(join(out, 'README.md'), 'utf8')).toMatch(
      /^# Card\n\n## This export\n\n.* Its numbers are float32/,
    )
    await writeSmallCheckpoint(join(root, 'later'), { seed: 2 })
    const later = await exportRun({ model: join(root, 'later'), out, overwrite: true, threads: 1 })
    expect(later.config.source).not.toBe(first.config.source)
    expect(await readdir(out)).not.toContain('README.md')
  })

  test('replaces an exported model only when told to, and never a checkpoint', async () => {
    await exportRun({ model, out, threads: 1 })
    await writeFile(join(out, 'report.json'), '{}')
    await writeFile(join(out, 'notes.txt'), 'mine')
    await expect(exportRun({ model, out })).rejects.toThrow('out must not exist yet')
    await exportRun({ model, out, overwrite: true, threads: 1 })
    // A report of what was there before would be said of the new one.
    expect((await readdir(out)).sort()).toEqual(['config.json', 'model.onnx', 'notes.txt', 'tokenizer.json'])
    await expect(exportRun({ model, out: model, overwrite: true })).rejects.toThrow(
      'replaces only a folder that ner-maf export wrote',
    )
    expect(await readdir(model)).toContain('model.safetensors')
  })

  test.each([
    [{ quantize: 'int4' as never }, 'quantize must be int8 or int8-full'],
    [{ quantize: 'int8' as const }, "data must be given with quantize: 'int8'"],
    [{ images: 'pictures' }, "images belongs to quantize: 'int8'"],
    [{ force: true }, "force belongs to quantize: 'int8'"],
  ])('refuses %o', async (options, message) => {
    await expect(exportRun({ model, out, ...options })).rejects.toThrow(message)
  })
})

describe('an int8 export', () => {
  const POSTS = 160

  /** Posts whose labels are what the model itself says, so that all that int8 says otherwise is lost. */
  let labelled: { data: string; images: string }
  beforeAll(async () => {
    await useBackend('cpu')
    const images = join(root, 'images')
    await writePictures(images)
    const checkpoint = await loadCheckpoint(model)
    const posts = drawPosts(POSTS)
    const { preprocessing } = checkpoint.config
    const preparation = preparationOf({ ...preprocessing, pictureSize: SMALL_PICTURE })
    const pictures = openPictures({ images, preparation })
    const tagged = await tag(posts, { ...checkpoint, program: eagerProgram(checkpoint.model), pictures })
    checkpoint.model.dispose()
    const data = join(root, 'valid.jsonl')
    const lines = posts.map(({ id, words, image }, i) =>
      JSON.stringify({ id, tokens: words, labels: tagged[i]!.labels, image }),
    )
    await writeFile(data, `${lines.join('\n')}\n`)
    labelled = { data, images }
  })

  test('stops where it loses too much and leaves nothing; with force it says what it lost', async () => {
    const before = await readdir(join(out, '..'))
    const lossy = { model, out, quantize: 'int8' as const, ...labelled, calibration: 8, threads: 1 }
    await expect(exportRun(lossy)).rejects.toThrow(/^quantize: 'int8' may lose at most 0.5 points of F1/)
    expect(await readdir(join(out, '..'))).toEqual(before)

    const { report: told } = await exportRun({ ...lossy, force: true })
    const shown = formatQuantization(told!)
    const report = await readJson<QuantizationReport>(out, 'report.json')
    expect(report.accuracy.float).toBe(1)
    expect(report.accuracy.lost).toBeCloseTo(100 * (1 - report.accuracy.int8), 10)
    expect(report.accuracy.lost).toBeGreaterThan(0.5)
    expect(report.accuracy.sameLabels).toBeLessThan(1)
    expect(report.validation).toMatchObject({ posts: POSTS, withPicture: POSTS / 2 })
    expect(report.speed.map(({ batch }) => batch)).toEqual([1, 16])
    expect(report.quantized).toEqual({ products: 22, convolutions: 12, tables: 0 })
    expect(report.calibration).toBe(8)
    expect(report.size.float / report.size.int8).toBeGreaterThan(2)
    expect(shown).toMatch(/F1 \(strict\), % +\| +100.00 +\| +9\d\.\d\d +\| +-\d\.\d\d points/)
    expect(shown).toMatch(/image encoder, ms: .* with weight zero point 0, .* with 1; taken: [01]/)
    expect(shown).toMatch(/^on .+, threads: 1; products with 8-bit weights (saturate|are exact) there/m)
    const { int7, uint8, int8 } = report.weights
    expect([int7 + uint8, int8]).toEqual([34, 0])
    expect(shown).toMatch(/^weights: \d+ of 7 bits.*, right on every processor and in every runtime/m)
    // What was chosen was scored, and is the best of what was, or close to it.
    const f1 = report.trials.find(({ unsigned }) => unsigned === uint8)!.f1
    expect(report.accuracy.int8).toBe(f1)
    expect(100 * (Math.max(...report.trials.map(trial => trial.f1)) - f1)).toBeLessThanOrEqual(0.5)
    const config = await readJson<ExportConfig>(out, 'config.json')
    expect(config).toMatchObject({ quantization: 'int8', weights: report.weights })
    expect(config).not.toHaveProperty('session_config')
  })

  test('int8-full keeps 8 bits and says what it needs; whoever loads int8 is told what computes it', async () => {
    const full = {
      model,
      out,
      quantize: 'int8-full' as const,
      ...labelled,
      calibration: 8,
      threads: 1,
      force: true,
    }
    const { config, report } = await exportRun(full)
    expect(report).toMatchObject({ weights: { int7: 0, uint8: 0, int8: 34 }, trials: [] })
    expect(formatQuantization(report!)).toContain('weights: 34 of 8 bits; x64 processors without VNNI need')
    expect(config).toMatchObject({
      quantization: 'int8-full',
      weights: report!.weights,
      session_config: { 'session.x64quantprecision': '1' },
    })
    const notes = async (): Promise<readonly string[]> => {
      const maf = await loadMaf(out, { threads: 1 })
      await maf.annotate({ text: 'kevin loves paris' })
      await maf.dispose()
      return maf.notes
    }
    const { saturates } = await probeInt8()
    const told = saturates ? 'products with 8-bit weights saturate' : 'products are exact'
    expect(await notes()).toEqual([expect.stringContaining(told)])
    // An export of an earlier version, which has all 8 bits and does not say so.
    const { weights: _, session_config: __, ...earlier } = config
    await writeFile(join(out, 'config.json'), JSON.stringify({ ...earlier, quantization: 'int8' }))
    expect(await notes()).toEqual([expect.stringContaining(told)])
  })

  test('needs pictures for the ranges of an image encoder', async () => {
    const { data } = labelled
    await expect(exportRun({ model, out, quantize: 'int8', data })).rejects.toThrow(
      'images must hold pictures of the posts',
    )
  })

  test('posts without entities measure nothing', async () => {
    const data = join(out, '..', 'valid.jsonl')
    await writeFile(
      data,
      `${JSON.stringify({ tokens: ['in', 'via'], labels: ['O', 'O'], image: '1.png' })}\n`,
    )
    const blind = { ...labelled, model, out, quantize: 'int8' as const, data, threads: 1 }
    await expect(exportRun(blind)).rejects.toThrow('data must have entities')
    expect(await readdir(join(out, '..'))).not.toContain('export')
  })
})

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { randomWords } from '@mafjs/tensor'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportRun } from '../../src/export/export-run'
import type { Annotation } from '../../src/predict/annotation'
import { loadMaf } from '../../src/predict/load-maf'
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { DAMAGES } from '../folders/damages'
import { writePictures } from './posts'
import { SMALL_PICTURE, writeSmallCheckpoint } from './small-checkpoint'

let root: string
let model: string
let out: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-predict-'))
  model = join(root, 'checkpoint')
  out = join(root, 'export')
  await useBackend('cpu')
  await writeSmallCheckpoint(model)
  await writePictures(join(root, 'images'))
  await exportRun({ model, out, threads: 1 })
})
afterAll(() => rm(root, { recursive: true }))

test('an exported folder alone annotates as its checkpoint does', async () => {
  const posts = [
    { text: 'kevin loves paris', image: join(root, 'images/1.png') },
    { text: 'in sev via kevin' },
    { text: '' },
    { text: 'pal nik los paris in', image: join(root, 'images/2.png') },
    // Longer than the model reads: both read it in windows.
    { text: Array(6).fill('kevin loves paris in sev').join(' '), image: join(root, 'images/1.png') },
  ]
  const annotationsOf = async (folder: string, engine: 'onnx' | 'tfjs') => {
    const maf = await loadMaf(folder, {
      ...(engine === 'onnx' ? { engine, threads: 1 } : { backend: 'cpu' as const }),
      longTexts: 'window',
    })
    expect(maf.readsPictures).toBe(true)
    expect(maf.types).toEqual(['LOC', 'PER'])
    const annotations: Annotation[] = []
    for await (const result of maf.annotateMany(posts)) {
      if ('annotation' in result) annotations.push(result.annotation)
    }
    await maf.dispose()
    await expect(maf.annotate(posts[0]!)).rejects.toThrow('must not be used after dispose()')
    expect(annotations.at(-1)!.cutWords).toBe(0)
    return annotations
  }
  const expected = await annotationsOf(model, 'tfjs')
  expect(expected.some(({ entities }) => entities.length > 0)).toBe(true)
  const received = await annotationsOf(out, 'onnx')
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(4)) : value
  expect(JSON.stringify(received, rounded)).toBe(JSON.stringify(expected, rounded))
})

test('a JPEG is read smaller where that is asked for, another picture is not', async () => {
  const words = 'kevin loves paris'
  const [jpeg, png] = [join(root, 'large.jpg'), join(root, 'images/1.png')]
  const side = 8 * SMALL_PICTURE
  await sharp(Buffer.from(randomWords((side * side * 3) / 4, { seed: 1, site: 'large' }).buffer), {
    raw: { width: side, height: side, channels: 3 },
  })
    .jpeg()
    .toFile(jpeg)
  const matchOf = async (image: string, shrinkOnLoad?: true) => {
    const maf = await loadMaf(out, { engine: 'onnx', threads: 1, shrinkOnLoad })
    const { match } = await maf.annotate({ text: words, image })
    await maf.dispose()
    return match
  }
  expect(await matchOf(png, true)).toBe(await matchOf(png))
  expect(await matchOf(jpeg, true)).not.toBe(await matchOf(jpeg))
  const textOnly = join(root, 'text-only')
  await writeTinyCheckpoint(textOnly, { pictures: false })
  await expect(loadMaf(textOnly, { shrinkOnLoad: true })).rejects.toThrow(
    'shrinkOnLoad must be left out of a model of text alone',
  )
})

test('a checkpoint with an export of itself runs as that, and says so until it changes', async () => {
  await exportRun({ model, out: join(model, 'onnx'), threads: 1 })
  const predict = async () => {
    const maf = await loadMaf(model, { threads: 1 })
    const { entities } = await maf.annotate({ text: 'kevin loves paris' })
    await maf.dispose()
    return { notes: maf.notes.join('\n'), entities: entities.length }
  }
  const exported = await predict()
  expect(exported.notes).toContain(`The export in ${join(model, 'onnx')} runs.`)
  const config = JSON.parse(await readFile(join(model, 'config.json'), 'utf8'))
  await writeFile(join(model, 'config.json'), JSON.stringify({ ...config, training: { epochs: 7 } }))
  const stale = await predict()
  expect(stale.notes).toContain('was made of an earlier checkpoint and is not used: export it again')
  expect(stale.notes).not.toContain('runs.')
  expect(stale.entities).toBe(exported.entities)
  const beside = join(model, 'onnx', 'config.json')
  const own = await readFile(beside)
  await writeFile(beside, '{}')
  expect((await predict()).notes).toContain('onnx holds a model of another kind and is not used.')
  await writeFile(beside, own)
})

test.each(Object.entries(DAMAGES))(
  'a file of it that is damaged is refused by its name: %s',
  async (_, damage) => {
    for (const [folder, file] of [
      [out, 'config.json'],
      [out, 'tokenizer.json'],
      [model, 'onnx/config.json'],
    ] as const) {
      // Another program's folder "onnx" may have a config of its own.
      if (file.startsWith('onnx') && damage === DAMAGES['an object without fields']) continue
      const copy = await mkdtemp(join(root, 'copy-'))
      await cp(folder, copy, { recursive: true })
      await damage(join(copy, file))
      const error = await loadMaf(copy, { engine: 'onnx', threads: 1 }).then(
        async maf => maf.dispose(),
        (error: Error) => error,
      )
      expect(error, file).toMatchObject({
        name: 'InvalidArgumentError',
        message: expect.stringContaining(file),
      })
    }
  },
)

test('an exported folder is refused by the other engine, and a newer format by its name', async () => {
  await expect(loadMaf(out, { engine: 'tfjs' })).rejects.toThrow('must be a checkpoint for the engine tfjs')
  const path = join(out, 'config.json')
  const config = await readFile(path, 'utf8')
  await writeFile(path, JSON.stringify({ ...JSON.parse(config), format_version: 2 }))
  await expect(loadMaf(out, { engine: 'onnx' })).rejects.toThrow(/must be of an exported model of format 1/)
  await writeFile(path, config)
})

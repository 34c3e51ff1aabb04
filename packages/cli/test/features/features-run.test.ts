import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { defaultFeatureCache } from '@mafjs/data/features'
import { evaluateRun, type TrainRunOptions, trainRun } from '@mafjs/ner-maf'
import { lockFolder } from '@mafjs/tensor/files'
import { beforeAll, expect, it } from 'vitest'
import { contents } from '../../../ner-maf/test/train/contents'
import { writeResNet, writeTask } from '../../../ner-maf/test/train/run-files'
import { featuresRun } from '../../src/features/features-run'
import { here } from '../commands/command'
import { damage, entriesOf, sizeOf } from './cache-files'

beforeAll(() => useBackend('wasm'))

async function task(sizes = { train: 10, valid: 3, test: 3 }) {
  const { folder, data, images, textEncoder, corpus } = await writeTask(sizes)
  const { file } = await writeResNet(folder)
  const posts = [...corpus.train, ...corpus.valid, ...corpus.test].filter(({ image }) => image)
  await writeFile(join(images, posts[0]!.image!), 'no picture')
  const cache = join(folder, 'cache')
  const options = (out: string, changes: Partial<TrainRunOptions> = {}) => ({
    ...{ data, images, textEncoder, imageEncoder: file, randomTextEncoder: true, maxLength: 64 },
    ...{ epochs: 1, batchSize: 8, learningRate: 1e-2, seed: 5, engine: 'onnx' as const, threads: 1 },
    ...{ out: join(folder, out), featureCache: cache },
    ...changes,
  })
  const train = async (out: string, changes: Partial<TrainRunOptions> = {}) => {
    const notes: string[] = []
    await trainRun({ ...options(out, changes), onNote: note => notes.push(note) })
    return { files: await contents(join(folder, out)), notes }
  }
  return { folder, data, images, file, cache, options, train }
}

it('a training ends with the same bytes whether its cache was cold, warm, half full, damaged or none', {
  timeout: 120_000,
}, async () => {
  const { cache, train } = await task()
  const cold = await train('cold')
  const entries = await entriesOf(cache)
  const pictures = entries.length - 1
  expect(cold.notes).toEqual([`Features of pictures: 0 from the cache, ${pictures} computed, 1 broken.`])
  const same = async (out: string, changes: Partial<TrainRunOptions> = {}): Promise<string[]> => {
    const { files, notes } = await train(out, changes)
    for (const [name, content] of Object.entries(cold.files)) {
      expect(files[name] === content, `${name} differs where the cache was ${out}`).toBe(true)
    }
    return notes
  }
  expect(await same('warm')).toEqual([
    `Features of pictures: ${pictures} from the cache, 0 computed, 1 broken.`,
  ])
  for (const [i, entry] of entries.entries()) {
    if (i % 3 === 0) await rm(join(cache, entry))
    if (i % 3 === 1) await damage(join(cache, entry), i % 2 === 0 ? 'cut' : 'flip')
  }
  const [damaged, counts] = await same('half')
  expect(damaged).toMatch(/^A cache entry is damaged/)
  expect(counts).toMatch(/: [1-9]\d* from the cache, [1-9]\d* computed, 1 broken/)
  await same('none', { featureCache: 'none' })
})

it('ner-maf features fills the cache for training and evaluation, and counts', {
  timeout: 120_000,
}, async () => {
  const { folder, data, images, file, cache, options } = await task({ train: 8, valid: 2, test: 6 })
  const given = ['features', '--data', data, '--images', images, '--image-encoder', file]
  const fill = (...more: string[]) => here(...given, '--feature-cache', cache, '--threads', '1', ...more)
  const first = await fill()
  expect(first.stdout).toMatch(/^Features of pictures: 0 from the cache, \d+ computed, 1 broken\.\n$/)
  expect(first.stderr).toMatch(/^1 picture could not be decoded|broken/m)
  expect(first.code).toBe(0)
  const pictures = (await entriesOf(cache)).length - 1
  expect(JSON.parse((await fill('--json')).stdout)).toEqual({ cached: pictures, computed: 0, broken: 1 })

  // While it is being filled nobody else fills it, but trainings use it.
  const release = await lockFolder(cache, { command: 'ner-maf features', where: 'inside' })
  const second = await fill()
  expect([second.code, second.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^InvalidArgumentError: --feature-cache must not be in use\. Received: .*`ner-maf features`/,
    ),
  ])
  const notes: string[] = []
  const out = join(folder, 'out')
  await trainRun({ ...options('out', { epochs: 1 }), onNote: note => notes.push(note) })
  expect(notes).toEqual([expect.stringMatching(/: \d+ from the cache, 0 computed/)])
  release()
  // The encoder of the checkpoint is the one that was trained with: its features are there.
  const evaluated = await evaluateRun({ model: out, data, images, featureCache: cache, threads: 1 })
  expect(evaluated.notes.at(-1)).toMatch(/: \d+ from the cache, 0 computed/)

  const before = await sizeOf(cache)
  const half = await fill('--feature-type', 'float16', '--json')
  expect(JSON.parse(half.stdout)).toEqual({
    cached: 0,
    computed: pictures,
    broken: 1,
    float16Error: { largest: expect.any(Number), rms: expect.any(Number) },
  })
  const { largest, rms } = JSON.parse(half.stdout).float16Error
  expect([largest > 0, largest <= 2 ** -11, rms > 0, rms < largest]).toEqual([true, true, true, true])
  expect((await sizeOf(cache)) - before).toBeLessThan(0.6 * before)
  const strict = await fill('--strict')
  expect([strict.code, strict.stderr]).toEqual([
    1,
    expect.stringMatching(/must be a picture that can be decoded/),
  ])
})

it('the options of the cache are checked before any work, and the type belongs to the run', async () => {
  const { options, images, data, file } = await task({ train: 4, valid: 2, test: 2 })
  const fill = (changes: object) => featuresRun({ data, images, imageEncoder: file, ...changes })
  await expect(fill({ featureCacheSize: 0 })).rejects.toThrow(
    'featureCacheSize must be a positive number of GB',
  )
  await expect(fill({ featureType: 'half' })).rejects.toThrow('featureType must be one of float32, float16')
  await expect(fill({ featureCache: join(file, 'below a file') })).rejects.toThrow(
    'featureCache must be in a folder that can be written',
  )
  await trainRun(options('out', { epochs: 1 }))
  await expect(
    trainRun({ ...options('out', { epochs: 1 }), featureType: 'float16', resume: true }),
  ).rejects.toThrow(/^featureType must be what the run began with/)
})

it('the default folder is in XDG_CACHE_HOME, where that is an absolute path', () => {
  const given = process.env['XDG_CACHE_HOME']
  expect(defaultFeatureCache()).toBe(join(given!, 'ner-maf', 'features'))
  try {
    process.env['XDG_CACHE_HOME'] = 'relative'
    expect(defaultFeatureCache()).toMatch(/^\/.*\/\.cache\/ner-maf\/features$/)
  } finally {
    process.env['XDG_CACHE_HOME'] = given
  }
})

it('features of pictures that are shrunk as they are loaded are kept apart, and a model trained on them says so', {
  timeout: 120_000,
}, async () => {
  const { folder, data, images, file, cache, train } = await task({ train: 6, valid: 2, test: 2 })
  const given = { data, images, imageEncoder: file, featureCache: cache, engine: 'onnx' as const, threads: 1 }
  const { computed } = (await featuresRun(given)).counts
  expect(computed).toBeGreaterThan(1)
  const shrunk = { ...given, shrinkOnLoad: true }
  expect((await featuresRun(shrunk)).counts).toMatchObject({ cached: 0, computed })
  expect((await featuresRun(shrunk)).counts).toMatchObject({ cached: computed, computed: 0 })
  const { files, notes } = await train('model', { shrinkOnLoad: true })
  expect(notes).toEqual([`Features of pictures: ${computed} from the cache, 0 computed, 1 broken.`])
  expect(JSON.parse(files['config.json']!).preprocessing.pictureTransform.shrinkOnLoad).toBe(true)
  expect(files['run.json']).toContain('"shrinkOnLoad": true')
  const without = train('text', { imageEncoder: 'none', shrinkOnLoad: true })
  await expect(without).rejects.toThrow('shrinkOnLoad must be left out without an image encoder')
  expect((await evaluateRun({ ...given, model: join(folder, 'model'), split: 'test' })).report).toBeDefined()
})

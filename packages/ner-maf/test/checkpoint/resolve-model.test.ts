import { cp, mkdir, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { createDemoCorpus, writeDemoCorpus } from '@mafjs/demo-corpus'
import { beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { findModel } from '../../src/checkpoint/find-model'
import { evaluateRun } from '../../src/evaluate/evaluate-run'
import { exportRun } from '../../src/export/export-run'
import { loadModelTokenizer } from '../../src/export/load-model-tokenizer'
import { loadMaf } from '../../src/predict/load-maf'
import { folderWith } from '../data/files'
import { writeTinyCheckpoint } from './tiny-checkpoint'

beforeAll(() => useBackend('cpu'))
let root: string
// A folder to work in, whose hub is out of reach and has nothing in its cache but what a test puts there.
beforeEach(async () => {
  root = await folderWith()
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  vi.stubEnv('HF_HUB_CACHE', join(root, 'hub'))
  const before = process.cwd()
  onTestFinished(() => {
    process.chdir(before)
    vi.unstubAllEnvs()
  })
  await mkdir(join(root, 'work/deep'), { recursive: true })
  process.chdir(join(root, 'work/deep'))
})

/** Installs a package with a model as npm would have it. */
async function install(
  name: string,
  { folder = 'model', ...manifest }: { folder?: string; maf?: object } = {},
) {
  const place = join(root, 'work/node_modules', name)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }))
  await writeTinyCheckpoint(join(place, folder), { pictures: false })
  return place
}

test('a model is found by its folder, its package, and its name on the hub, and is the same one', async () => {
  const place = await install('@someone/model-posts-en')
  await cp(join(place, 'model'), join(root, 'elsewhere'), { recursive: true })
  const commit = '0123456789abcdef0123456789abcdef01234567'
  const cached = join(root, 'hub/models--someone--model-posts-en')
  await mkdir(join(cached, 'refs'), { recursive: true })
  await writeFile(join(cached, 'refs/main'), commit)
  await cp(join(place, 'model'), join(cached, 'snapshots', commit), { recursive: true })
  const answers: unknown[] = []
  for (const name of ['@someone/model-posts-en', '../../elsewhere', 'someone/model-posts-en']) {
    const maf = await loadMaf(name, { engine: 'tfjs', backend: 'cpu' })
    answers.push(await maf.annotate({ text: 'kevin loves paris in sev' }))
    await maf.dispose()
    expect(await loadModelTokenizer(name)).toMatchObject({ splitter: 'tweet', tokenizer: { maxLength: 24 } })
  }
  expect(answers[0]).toHaveProperty('entities.0.type')
  expect(answers).toEqual([answers[0], answers[0], answers[0]])
  expect(relative(root, await findModel('someone/model-posts-en'))).toContain(commit)
})

test('a package says where its model is, within it; a folder of the same name comes first', async () => {
  const place = await install('posts', { folder: 'weights/v2', maf: { model: './weights/v2' } })
  expect(await findModel('posts')).toBe(join(place, 'weights/v2'))
  await mkdir('posts')
  expect(await findModel('posts')).toBe('posts')

  await install('climbs', { maf: { model: '../posts/weights' } })
  await expect(findModel('climbs')).rejects.toThrow(/must be a package with a model.*"\.\.\/posts\/weights"/)
  await rename(join(await install('empty'), 'model'), join(root, 'gone'))
  await expect(findModel('empty')).rejects.toThrow(
    /empty, installed in .*node_modules, without a folder model/,
  )
})

test('where nothing is called so, the error says what was looked at', async () => {
  await writeFile('file', '')
  const text = async (name: string) => findModel(name).catch((error: Error) => error.message)
  const rule =
    /^model folder must be a folder that `ner-maf train` or `ner-maf export` wrote, an installed package, or a name/
  for (const name of ['none', '@none/none', './none', 'file', '']) expect(await text(name)).toMatch(rule)
  expect(await text('none')).toMatch(
    /Received: none\. Looked at: the folder .*deep.none \(not there\); .*node_modules.*\(none of this name\); the hub \("none" at .* HF_HUB_OFFLINE/,
  )
  expect(await text('./none')).toMatch(/no name of a package\); the hub \(no name on the hub\)/)
  expect(await text('file')).toMatch(/file \(a file\)/)
})

test('an export is scored as its checkpoint is', async () => {
  await writeTinyCheckpoint('model')
  const { data, images } = await writeDemoCorpus(
    'corpus',
    createDemoCorpus({ train: 4, valid: 4, test: 24 }),
    {
      size: 16,
    },
  )
  await exportRun({ model: 'model', out: 'onnx', threads: 1 })
  const scored = { data, images, engine: 'onnx', threads: 1 } as const
  const [expected, received] = [
    await evaluateRun({ ...scored, model: 'model' }),
    await evaluateRun({ ...scored, model: 'onnx' }),
  ]
  const { context, ...scores } = expected.report
  expect(received.report).toEqual({ ...scores, context: { ...context, model: 'onnx' } })
  expect(expected.report.strict.micro.predicted).toBeGreaterThan(0)
  const exact = (predictions: typeof expected.predictions) =>
    predictions.map(({ match, ...said }) => ({
      ...said,
      match: match === null ? null : Number(match.toFixed(4)),
    }))
  expect(exact(received.predictions)).toEqual(exact(expected.predictions))
  expect(expected.predictions.some(({ match }) => match !== null)).toBe(true)
  expect(await loadModelTokenizer('onnx')).toMatchObject({ readsWindows: false, splitter: 'tweet' })
  await expect(exportRun({ model: 'onnx', out: 'again' })).rejects.toThrow(/must be of a MAF checkpoint/)
})

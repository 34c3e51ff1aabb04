import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Annotation, loadMaf } from '@mafjs/ner-maf'
import { afterAll, beforeAll, expect, test } from 'vitest'

const BEFORE = fileURLToPath(new URL('../guards/fixtures/before', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-before-'))
  await cp(BEFORE, folder, { recursive: true })
})
afterAll(() => rm(folder, { recursive: true }))

/** Every number to four digits: engines add up in different orders. */
const rounded = (annotations: readonly Annotation[]): string =>
  JSON.stringify(annotations, (_, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1e3) / 1e3 : value,
  )

test.each([
  ['run', { engine: 'tfjs', backend: 'cpu' }],
  ['run', { engine: 'onnx', threads: 1 }],
  ['run', { engine: 'onnx', threads: 1, worker: true }],
  ['export', { engine: 'onnx', threads: 1 }],
] as const)('what an earlier version wrote says what it said: %s, %o', async (name, options) => {
  const posts = (await readFile(join(folder, 'data/train.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { tokens: string[]; image?: string })
    .map(({ tokens, image }) => ({
      ...{ text: tokens.join(' '), tokens },
      ...(image !== undefined && { image: join(folder, 'images', image) }),
    }))
  const expected = JSON.parse(await readFile(join(BEFORE, 'expected.json'), 'utf8')) as Annotation[]
  expect(expected.flatMap(({ entities }) => entities).length).toBeGreaterThan(8)
  const maf = await loadMaf(join(folder, name), options)
  const said: Annotation[] = []
  for await (const result of maf.annotateMany(posts)) if ('annotation' in result) said.push(result.annotation)
  await maf.dispose()
  expect(rounded(said)).toBe(rounded(expected))
})

test('an export that has a place for one picture of each post says so of a post with two, and goes on', async () => {
  const images = ['train-00001.png', 'train-00002.png'].map(name => join(folder, 'images', name))
  const maf = await loadMaf(join(folder, 'export'), { engine: 'onnx', threads: 1 })
  const said: string[] = []
  for await (const result of maf.annotateMany(
    [1, 2, 0].map(count => ({ text: 'Ann', images: images.slice(0, count) })),
  )) {
    said.push('error' in result ? result.error.message : 'fine')
  }
  await maf.dispose()
  expect(said).toEqual([
    'fine',
    'images must be one picture for this export, which was written before posts could have several. ' +
      'Received: 2 pictures. Export the model again, or give one picture.',
    'fine',
  ])
})

test('a run of an earlier version is gone on with, and ends as it did', async () => {
  const metrics = JSON.parse(await readFile(join(BEFORE, 'run/metrics.json'), 'utf8')) as {
    validation: { strict: { micro: unknown } }
  }
  const program = fileURLToPath(new URL('../guards/resume.ts', import.meta.url))
  const node = ['--import', new URL('../workspace/from-source.mjs', import.meta.url).href, program, folder]
  const { stdout } = await promisify(execFile)(process.execPath, node)
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual(metrics.validation.strict.micro)
})

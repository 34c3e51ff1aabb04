import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ExportRunOptions, exportRun } from '../../src/export/export-run'
import { loadMaf } from '../../src/predict/load-maf'
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { drawPosts, writePictures } from './posts'
import { writeSmallCheckpoint } from './small-checkpoint'

let root: string
let model: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-explain-export-'))
  model = join(root, 'checkpoint')
  await useBackend('cpu')
  await writeSmallCheckpoint(model)
  await writePictures(join(root, 'images'))
})
afterAll(() => rm(root, { recursive: true }))

const post = () => ({ text: 'kevin loves paris in sev', image: join(root, 'images/1.png') })
const options = { occlusion: false, withoutPicture: true }
const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)

const loaded = async (folder: string) => {
  const maf = await loadMaf(folder, { engine: 'onnx', threads: 1 })
  const said = { explained: await maf.explain(post(), options), annotated: await maf.annotate(post()) }
  await maf.dispose()
  return said
}

test.each([{}, { profile: 'latency' }] as const)(
  'an export with maps explains as its checkpoint does on the other engine, and annotates as one without: %j',
  async given => {
    const [out, plain] = [join(root, `maps${given.profile}`), join(root, `plain${given.profile}`)]
    const { config } = await exportRun({ model, out, explain: true, threads: 1, ...given })
    expect(config.outputs.map(({ name }) => name)).toEqual(['emissions', 'match', 'gate', 'attention'])
    await exportRun({ model, out: plain, threads: 1, ...given })
    const [withMaps, without] = [await loaded(out), await loaded(plain)]
    const maf = await loadMaf(model, { backend: 'cpu' })
    const expected = await maf.explain(post(), options)
    await maf.dispose()
    expect(expected.words.every(({ gate, attention }) => gate && attention)).toBe(true)
    expect(JSON.parse(JSON.stringify(withMaps.explained, rounded))).toEqual(
      JSON.parse(JSON.stringify(expected, rounded)),
    )
    expect(withMaps.annotated).toEqual(without.annotated)
    expect(without.explained.notes).toEqual([expect.stringContaining('ner-maf export --explain')])
    expect(without.explained.words).toEqual(
      withMaps.explained.words.map(word => ({
        ...word,
        probabilities: word.probabilities!.map(one => expect.closeTo(one, 5)),
        gate: null,
        attention: null,
      })),
    )
  },
)

test('int8 carries them too', async () => {
  const out = join(root, 'int8')
  const data = join(root, 'posts.jsonl')
  const lines = drawPosts(8).map(({ words, image }) =>
    JSON.stringify({
      text: words.join(' '),
      tokens: words,
      labels: words.map(word => (word === 'kevin' ? 'B-PER' : 'O')),
      image,
    }),
  )
  await writeFile(data, lines.join('\n'))
  const measured: Partial<ExportRunOptions> = {
    quantize: 'int8',
    data,
    images: join(root, 'images'),
    force: true,
  }
  await exportRun({ model, out, explain: true, threads: 1, calibration: 4, ...measured })
  const { explained } = await loaded(out)
  for (const { gate, attention } of explained.words) {
    expect(gate!.mean).toBeGreaterThan(0)
    expect(attention!.mean).toHaveLength(49)
    expect(attention!.mean.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
  }
})

test('a model of text alone has no maps to carry', async () => {
  const text = join(root, 'text')
  await writeTinyCheckpoint(text, { pictures: false })
  await expect(exportRun({ model: text, out: join(root, 'none'), explain: true })).rejects.toThrow(
    'explain must be left out of a model of text alone',
  )
})

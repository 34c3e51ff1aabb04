import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { buildMaf, defaultConfig, saveCheckpoint } from '@mafjs/ner-maf'
import { takeSnapshot } from '@mafjs/train'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { writeNoise } from '../../tools/tiny-world/write-noise'
import { judge } from '../posts-en-pictures/judge'
import { modelFolder } from '../posts-en-pictures/options'
import { TEST } from '../posts-en-pictures/verdict'

const WORDS = ['i', 'love', 'look', 'at', 'jordan', 'rob', 'phoenix', 'gets', 'old', 'never', 'animal']
const PATCHES = { kind: 'patches', imageSize: 8, patchSize: 4, channels: 8 } as const

let folder: string
let options: Parameters<typeof judge>[0]

/** A model that knows nothing, by seed, as the end of a training leaves it. */
async function writeModel(name: 'text' | 'pictures', seed: number): Promise<void> {
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...WORDS]
  const tokenizer = tokenizerFromVocab(vocabulary, { lowercase: true, maxLength: 24 })
  const textEncoder = {
    kind: 'bert' as const,
    ...{ vocabSize: tokenizer.vocabSize, hidden: 8, layers: 1, heads: 2 },
    ...{ intermediate: 16, maxPositions: 32, seed },
  }
  const image = name === 'pictures' && { imageEncoder: PATCHES, imageSize: PATCHES.channels }
  const model = defaultConfig({ types: ['LOC', 'MISC', 'ORG', 'PER'], textEncoder, seed, ...image })
  const maf = buildMaf(model)
  const snapshot = await takeSnapshot(maf.parameters())
  maf.dispose()
  const out = modelFolder(options.work, name, seed)
  await saveCheckpoint(out, {
    ...{ model, snapshot, tokenizer: tokenizer.definition },
    preprocessing: {
      ...{ splitter: 'tweet', maxLength: 24 },
      ...(image && { pictureSize: 8, pictureResize: 8 }),
    },
  })
  await writeFile(join(out, 'report.md'), '')
}

beforeAll(async () => {
  await useEngine({ engine: 'onnx', threads: 1 })
  folder = await mkdtemp(join(tmpdir(), 'maf-judge-'))
  const [work, data, results] = ['work', 'data', 'results'].map(name => join(folder, name)) as [
    string,
    string,
    string,
  ]
  options = { work, data, results, threads: 1 }
  for (const path of ['twitter-mner-38/images', 'coco-cc/images', 'imagenet-100'])
    await mkdir(join(data, path), { recursive: true })
  for (const [s, set] of ['twitter2015', 'twitter2017'].entries()) {
    await mkdir(join(data, 'twitter-mner-38', set))
    for (const [i, split] of ['train', 'valid', 'test'].entries()) {
      const id = 10 * s + i
      await writeNoise(join(data, 'twitter-mner-38', 'images', `${id}.png`), 8)
      const text = `IMGID:${id}\nLook\tO\nRob\tB-PER\n\n`
      await writeFile(join(data, 'twitter-mner-38', set, `${split}.txt`), text)
    }
  }
  const captions = new Array(5).fill('A man at a table.')
  await writeFile(join(data, 'coco-cc', 'manifest.json'), JSON.stringify([{ file: '1.png', captions }]))
  await writeNoise(join(data, 'coco-cc', 'images', '1.png'), 8)
  // By their classes two people, two places, an animal and a product; the format is told by the bytes.
  for (const number of ['400', '430', '460', '500', '010', '440', '700'])
    await writeNoise(join(data, 'imagenet-100', `${number}_sample.jpg`), 8)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('judges every seed on posts and photographs once, and keeps figures alone', async () => {
  await expect(judge(options)).rejects.toThrow(/Not trained to the end: .*text-seed-37/)
  for (const seed of TEST.seeds)
    for (const name of ['text', 'pictures'] as const) await writeModel(name, seed)
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  await judge(options)
  print.mockRestore()
  const text = await readFile(join(options.results, 'posts-en-pictures-judge.json'), 'utf8')
  const record = JSON.parse(text)
  expect(record.conditions).toHaveLength(6)
  expect(record.posts['text only']).toMatchObject({ sentences: 6, a: { seeds: [37, 38, 39] } })
  // A person and a place, the other two people and places each with an animal or a product.
  expect(record.pairs).toBe(3)
  expect(record.accuracy.map((seed: { count: number }[]) => seed[0]!.count)).toEqual([3, 3, 3])
  expect(text).not.toContain(folder)
  await expect(judge(options)).rejects.toThrow(/judged once/)
}, 180_000)

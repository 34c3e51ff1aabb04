import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDataset } from '@mafjs/data'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { createDemoCorpus, demoSplits, writeDemoCorpus } from '../src'

const folder = await mkdtemp(join(tmpdir(), 'demo-corpus-'))
afterAll(() => rm(folder, { recursive: true }))

it('writes a data set that reads back the same', async () => {
  const corpus = createDemoCorpus({ seed: 4, train: 60, valid: 20, test: 40 })
  const { data, images, vocabulary } = await writeDemoCorpus(join(folder, 'set'), corpus, { size: 32 })
  const read = await readDataset({ data, images, required: [...demoSplits] })
  for (const split of demoSplits) {
    const { examples, report } = read[split]!
    expect(report.missingPictures).toEqual([])
    expect(report.withoutPicture).toBe(corpus[split].filter(post => post.kind === 'no-picture').length)
    const shown = examples.map(({ words, labels, image, source }) => ({
      words,
      labels,
      image,
      line: source.line,
    }))
    expect(shown).toEqual(
      corpus[split].map(({ words, labels, image, source }) => ({ words, labels, image, line: source.line })),
    )
  }
  const post = corpus.test.find(({ image }) => image)!
  const pixels = await sharp(join(images, post.image!)).raw().toBuffer()
  expect(new Uint8Array(pixels)).toEqual(await corpus.pictures(post, 32))
  expect((await readFile(vocabulary, 'utf8')).trimEnd().split('\n')).toEqual(corpus.vocabulary)
  await expect(writeDemoCorpus(data, corpus)).rejects.toThrow(/^folder must be new or empty/)
})

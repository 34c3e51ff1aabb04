import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDataset, readExamples, type Split, type SplitName, splitWords } from '../src'

const DATA = resolve(import.meta.dirname, '../../../../shared/data')

/** Tests on data that lies beside the project, and is skipped, saying so, where it does not. */
const describeWith = (folder: string, body: (folder: string) => void): void => {
  const path = join(DATA, folder)
  if (existsSync(path)) {
    describe(folder, () => body(path))
    return
  }
  console.warn(`SKIPPED: ../shared/data/${folder} is absent, its files are not read`)
  describe.skip(`${folder} (../shared/data/${folder} is absent)`, () => it('reads it', () => {}))
}

const SPLITS: SplitName[] = ['train', 'valid', 'test']
/** How often a string of bytes occurs in a file: the readers have no part in these counts. */
const count = (file: string, byte: string): number => readFileSync(file, 'latin1').split(byte).length - 1
const labelsOf = (split: Split): string[] => split.examples.flatMap(example => example.labels!)
/** The CoNLL rule: an I- that continues no entity of its type opens one. */
const lenientEntities = (split: Split): number =>
  split.examples
    .flatMap(({ labels }) => labels!.map((label, index) => [labels![index - 1] ?? 'O', label] as const))
    .filter(
      ([before, label]) =>
        label.startsWith('B') || (label.startsWith('I') && before.slice(1) !== label.slice(1)),
    ).length

const SENTENCES = { twitter2015: [4000, 1000, 3257], twitter2017: [3373, 723, 723] } as const
for (const [name, sentences] of Object.entries(SENTENCES)) {
  describeWith(name, folder => {
    it('is read without losing a token', async () => {
      const dataset = await readDataset({
        data: folder,
        types: ['PER', 'LOC', 'ORG', 'MISC'],
        required: SPLITS,
      })
      for (const [index, split] of SPLITS.entries()) {
        const { examples, report } = dataset[split]!
        const file = join(folder, `${split}.txt`)
        expect(examples.length).toBe(sentences[index])
        const tokens = examples.flatMap(example => example.words)
        expect(tokens.length).toBe(count(file, '\t'))
        expect(labelsOf(dataset[split]!).length).toBe(tokens.length)
        expect(report.labelsMapped).toBe(
          count(file, '-OTHER\n') + (readFileSync(file, 'latin1').endsWith('-OTHER') ? 1 : 0),
        )
        expect(report.picturesNotLookedUp).toBe(examples.length)
        // Written out again, the file is the same but for the empty lines after its last post.
        const again = examples.map(({ id, words, labels }) =>
          [`IMGID:${id}`, ...words.map((word, at) => `${word}\t${labels![at]}`)].join('\n'),
        )
        const original = readFileSync(file, 'utf8')
          .replace(/-OTHER$/gm, '-MISC')
          .trimEnd()
        expect(again.join('\n\n') === original).toBe(true)
      }
    })

    it('is mostly split the same by the tweet splitter', async () => {
      const { examples } = await readExamples(join(folder, 'valid.txt'))
      const tokens = examples.flatMap(example => example.words)
      const whole = tokens.filter(token => splitWords(token, 'tweet').words[0] === token)
      expect(whole.length / tokens.length).toBeGreaterThan(0.99)
    })
  })
}

describeWith('twitter2015', folder => {
  it('has 5,072 strict and 5,207 lenient test entities', async () => {
    const split = await readExamples(join(folder, 'test.txt'))
    expect(labelsOf(split).filter(label => label.startsWith('B-')).length).toBe(5072)
    expect(lenientEntities(split)).toBe(5207)
  })
})

describeWith('twitter-mner-38', folder => {
  it('is read as its manifest says, with all its pictures', async () => {
    const manifest: {
      dataset: string
      split: string
      imgid: string
      tokens: string[]
      labels: string[]
      image: string
    }[] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    const read: unknown[] = []
    for (const dataset of ['twitter2015', 'twitter2017']) {
      const splits = await readDataset({
        data: join(folder, dataset),
        images: join(folder, 'images'),
        onBrokenPicture: 'stop',
      })
      for (const split of Object.values(splits)) {
        expect(split.report.missingPictures).toEqual([])
        for (const { id, words, labels, image } of split.examples) {
          read.push({
            dataset,
            split: split.name,
            imgid: id,
            tokens: words,
            labels,
            image: `images/${image}`,
          })
        }
      }
    }
    const expected = manifest.map(({ dataset, split, imgid, tokens, labels, image }) => ({
      dataset,
      split,
      imgid,
      tokens,
      labels: labels.map(label => label.replace('OTHER', 'MISC')),
      image,
    }))
    expect(read).toHaveLength(38)
    expect(read).toEqual(expect.arrayContaining(expected))
  })
})

describeWith('cp-mner', folder => {
  it('is read with its space-separated columns and its four missing pictures', async () => {
    const dataset = await readDataset({ data: folder, images: join(folder, 'images') })
    expect(SPLITS.map(split => dataset[split]!.examples.length)).toEqual([950, 119, 119])
    expect(SPLITS.map(split => dataset[split]!.report.missingPictures.length)).toEqual([4, 0, 0])
    for (const split of SPLITS) {
      expect(labelsOf(dataset[split]!).length).toBe(count(join(folder, `${split}.txt`), ' '))
    }
    expect(dataset.train!.examples.filter(example => example.image === undefined)).toHaveLength(4)
  })
})

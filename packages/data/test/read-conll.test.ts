import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readExamples, reportLines } from '../src'
import { folderWith } from './files'

const read = async (text: string | Uint8Array, options = {}) => {
  const folder = await folderWith({ 'train.txt': text })
  return readExamples(join(folder, 'train.txt'), options)
}

describe('CoNLL', () => {
  it('reads posts with and without a picture, tabs and spaces, and keeps every label', async () => {
    const split = await read(
      'IMGID:7\nRT\tO\nRob\tI-PER\n\n\nvan Gogh\tB-PER\n\r\nIMGID:O_8\r\n《 O\r\nX B-OTHER\r\n',
    )
    expect(split.name).toBe('train')
    expect(split.examples.map(({ id, words, labels, source }) => [id, words, labels, source.line])).toEqual([
      ['7', ['RT', 'Rob'], ['O', 'I-PER'], 1],
      ['train.txt:6', ['van Gogh'], ['B-PER'], 6],
      ['O_8', ['《', 'X'], ['O', 'B-MISC'], 8],
    ])
    expect(split.report).toEqual({
      withoutPicture: 1,
      picturesNotLookedUp: 2,
      missingPictures: [],
      labelsMapped: 1,
      labelsConverted: 0,
      orphans: 1,
      misplacedEntities: 0,
      unknownFields: [],
      notCarried: [],
      leftOut: [],
    })
  })

  it('keeps words that are odd spaces, look like a header, or hold a line separator', async () => {
    const words = ['\u00a0', '\u3000', '\u2028', '\u0085', '\v', '\ufeff', 'IMGID:5', ' ']
    const split = await read(`a\tO\n${words.map(word => `${word}\tO\n`).join('')}`)
    expect(split.examples[0]!.words).toEqual(['a', ...words])
    const spaced = await read(`a O\n\u00a0 O\nIMGID:5 B-PER`)
    expect(spaced.examples[0]!.words).toEqual(['a', '\u00a0', 'IMGID:5'])
  })

  it('does not read a byte order mark as a word, and reads blanks after a label', async () => {
    const split = await read('\ufeffIMGID:7\nRT\tO \t\n \t\nRT O  ')
    expect(split.examples.map(({ id, words }) => [id, words])).toEqual([
      ['7', ['RT']],
      ['train.txt:4', ['RT']],
    ])
  })

  it('finds pictures by id, in folders too, and counts those that are missing', async () => {
    const folder = await folderWith({
      'train.txt': ['1', '2', '3', 'sub/4', '5.png', '6', 'no/7'].map(id => `IMGID:${id}\na O\n`).join('\n'),
    })
    await mkdir(join(folder, 'images/sub'), { recursive: true })
    await mkdir(join(folder, 'images/6.jpg'))
    for (const name of ['1.jpg', '1.png', '2.JPEG', 'sub/4.webp', '5.png']) {
      await writeFile(join(folder, 'images', name), '')
    }
    const file = join(folder, 'train.txt')
    const split = await readExamples(file, { images: join(folder, 'images') })
    expect(split.examples.map(example => example.image)).toEqual([
      '1.jpg',
      '2.JPEG',
      undefined,
      'sub/4.webp',
      '5.png',
      undefined,
      undefined,
    ])
    expect(split.report.missingPictures).toEqual([
      { picture: '3', file, line: 7 },
      { picture: '6', file, line: 16 },
      { picture: 'no/7', file, line: 19 },
    ])
    expect(split.examples[2]!.id).toBe('3')
    expect(reportLines(split)).toEqual([
      'train: 7 posts',
      `train: 3 pictures not in the images folder: 3 (${file}:7), 6 (${file}:16), no/7 (${file}:19)`,
    ])
    await expect(
      readExamples(file, { images: join(folder, 'images'), onBrokenPicture: 'stop' }),
    ).rejects.toThrow(
      `${file}:7 must name a picture that is in ${folder}/images. Received: "3", the first of 3 that are missing.`,
    )
  })

  it.each([
    ['../../etc/passwd', 'a step out of the folder (..)'],
    ['a/../../b', 'a step out of the folder (..)'],
    ['..', 'a step out of the folder (..)'],
    ['/etc/passwd', 'an absolute path'],
    ['C:/b', 'an absolute path'],
    ['a\\..\\b', 'a backslash'],
    ['a\0b', 'a NUL character'],
    ['http://example.com/a.jpg', 'a web address'],
    ['', 'an empty name'],
  ])('refuses the picture name %j', async (name, problem) => {
    await expect(read(`a O\n\nIMGID:${name}\nb O\n`)).rejects.toThrow(
      `train.txt:3 must name a picture inside the images folder. Received: ${JSON.stringify(name)}, ${problem}. Name`,
    )
  })

  it('takes a name with dots that stays in the folder', async () => {
    expect((await read('IMGID:a..b/...c\nb O\n')).examples[0]!.id).toBe('a..b/...c')
  })

  const ragged = 'must have a word and its label, parted by a tab or a space. Received: '
  it.each([
    ['RT\tO\nRob\n', `:2 ${ragged}"Rob", only one column. Write word, tab, label`],
    ['RT\tO\n\tB-PER\n', `:2 ${ragged}"\\tB-PER", no word.`],
    ['a O\nEU NNP B-NP B-PER\n', `:2 ${ragged}"EU NNP B-NP B-PER", 4 columns, not 2.`],
    ['a\tO\nb\tO\nEU\tNNP\tB-PER\n', `:3 ${ragged}"EU\\tNNP\\tB-PER", 3 columns, not 2.`],
    ['RT\tQ-PER\n', ':1 must have a label O, B-TYPE or I-TYPE. Received: "Q-PER". Convert the labels'],
    ['RT\tO\u00a0\n', ':1 must have a label O, B-TYPE or I-TYPE. Received: "O\u00a0".'],
    ['RT\tB-\n', ':1 must have a label O, B-TYPE or I-TYPE. Received: "B-".'],
    ['RT\tb-PER\n', ':1 must have a label O, B-TYPE or I-TYPE. Received: "b-PER".'],
    ['RT\tB-PET\n', ':1 must have an entity type of PER, MISC. Received: "PET". Correct the type'],
    [
      'IMGID:1\na O\nIMGID:2\nb O\n',
      ':3 must not be a header below the words of a post. Received: "IMGID:2". Put an empty',
    ],
    ['IMGID:1\nIMGID:1\nb O\n', ':2 must not name a picture of the post again. Received: "IMGID:1".'],
    ['IMGID:1\n\nb O\n', ':1 must be followed by the words of its post. Received: "IMGID:1" and no word.'],
    ['b O\n\nIMGID:1', ':3 must be followed by the words of its post. Received: "IMGID:1" and no word.'],
    ['', ' must hold at least one post. Received: an empty file. Write the posts there'],
    ['\n \n\n', ' must hold at least one post.'],
  ])('refuses %j', async (text, error) => {
    await expect(read(text, { types: ['PER', 'MISC'] })).rejects.toThrow(`train.txt${error}`)
  })

  // Broad Twitter has such rows where a word was white space, WNUT-17 a tab alone between posts.
  it('leaves out rows without a word that say nothing, and tells how many', async () => {
    const { examples, report } = await read('RT\tO\n \n\tO\nRob\tB-PER\n\tO\n\t\nAda\tB-PER\n')
    expect(examples.map(({ words }) => words)).toEqual([['RT'], ['Rob'], ['Ada']])
    expect(report.notCarried).toEqual(['2 rows without a word, labelled O'])
  })

  it('refuses text that is not UTF-8, naming the line', async () => {
    const latin1 = new Uint8Array([0x61, 0x20, 0x4f, 0x0a, 0xe9, 0x20, 0x4f, 0x0a])
    await expect(read(latin1)).rejects.toThrow('train.txt:2 must be UTF-8 text. Received: a byte sequence')
  })

  it('a line of 300,000 tabs is refused before the test runs out of time', async () => {
    await expect(read(`a\tO\nRob${'\t'.repeat(300_000)}x\n`)).rejects.toThrow('train.txt:2 must have a word')
  })

  it('names a file that is missing or is none, and an images folder that is missing', async () => {
    const folder = await folderWith({ 'train.txt': 'a O\n' })
    await expect(readExamples(join(folder, 'no.txt'))).rejects.toThrow(
      /no\.txt must be a file of posts \(CoNLL, .*\.txt, .*\)\. Received: ENOENT/,
    )
    await expect(readExamples(folder)).rejects.toThrow(
      /maf-data-\w+ must be a file of posts \(.*\)\. Received: EISDIR/,
    )
    await expect(readExamples(join(folder, 'train.txt'), { images: join(folder, 'no') })).rejects.toThrow(
      'images must be a folder of pictures. Received: ENOENT',
    )
  })
})

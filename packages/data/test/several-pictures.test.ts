import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pictureIdOf, picturesOf, readExamples, wholePictures } from '../src'
import { folderWith } from './files'

const CONLL = [
  'IMGID:1',
  'IMGID:2',
  'Rob\tB-PER',
  '',
  'IMGID:1',
  'a\tO',
  '',
  'IMGID:9',
  'IMGID:2',
  'b\tO',
  '',
  'c\tO',
  '',
]
const JSONL = [
  { id: '1', tokens: ['Rob'], labels: ['B-PER'], images: ['1.jpg', '2.png'] },
  { id: '1', tokens: ['a'], labels: ['O'], image: '1.jpg' },
  { id: '9', tokens: ['b'], labels: ['O'], images: ['9.jpg', '2.png'] },
  { id: 'c', tokens: ['c'], labels: ['O'], images: [] },
]

it.each([
  ['CoNLL', 'train.txt', CONLL.join('\n')],
  ['JSONL', 'train.jsonl', JSONL.map(post => JSON.stringify(post)).join('\n')],
] as const)(
  '%s: a post may name several pictures; those that are missing are reported one by one',
  async (_, name, text) => {
    const folder = await folderWith({ [name]: text })
    const images = join(folder, 'images')
    await mkdir(images)
    for (const file of ['1.jpg', '2.png']) await writeFile(join(images, file), file)
    const { examples, report } = await readExamples(join(folder, name), { images })
    expect(examples.map(picturesOf)).toEqual([['1.jpg', '2.png'], ['1.jpg'], ['2.png'], []])
    expect(examples.map(({ image }) => image)).toEqual(['1.jpg', '1.jpg', '2.png', undefined])
    expect(examples.slice(0, 3).map(({ id }) => id)).toEqual(['1', '1', '9'])
    expect(examples.filter(example => 'images' in example)).toHaveLength(1)
    expect(report).toMatchObject({
      withoutPicture: 1,
      missingPictures: [{ picture: expect.stringMatching(/^9/) }],
    })
    // Who has the same pictures is known by one name, which a picture alone does not share.
    expect(new Set(examples.map(pictureIdOf)).size).toBe(4)
    expect(wholePictures(examples, [{ file: '2.png', reason: 'broken' }])).toEqual([
      '1.jpg',
      '1.jpg',
      undefined,
      undefined,
    ])
    expect(wholePictures(examples, [])[0]).toBe('1.jpg\n2.png')
  },
)

it('the same bytes under another name are the same picture, as in data sets whose deleted pictures became one placeholder', async () => {
  const posts = [
    ['gone.jpg'],
    ['a.jpg'],
    ['gone-too.jpg'],
    ['a.jpg', 'gone-too.jpg'],
    ['a.jpg', 'gone.jpg'],
    ['other.jpg'],
  ]
  const lines = posts.map((images, id) => JSON.stringify({ id, tokens: ['a'], labels: ['O'], images }))
  const data = await folderWith({ 'train.jsonl': lines.join('\n') })
  const images = await folderWith({
    'gone.jpg': 'none',
    'gone-too.jpg': 'none',
    'a.jpg': 'a',
    'other.jpg': 'some',
  })
  const { examples } = await readExamples(join(data, 'train.jsonl'), { images })
  const ids = examples.map(pictureIdOf)
  expect(ids.map(id => ids.indexOf(id))).toEqual([0, 1, 0, 3, 3, 5])
  expect(examples.map(picturesOf)).toEqual(posts) // each is read and reported under its own name
})

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { picturesOf, readDataset } from '../../src'
import { doctorRun } from '../../src/doctor/doctor-run'
import { folderWith } from '../files'
import { noise } from './faulty-folder'

const CONLL = [
  'IMGID:a',
  'IMGID:b',
  'Rob\tB-PER',
  '',
  'IMGID:a',
  'IMGID:gone',
  'x\tO',
  '',
  'IMGID:b',
  'IMGID:b',
  'y\tO',
  '',
  '',
]
const JSONL = [
  { id: '1', tokens: ['Rob'], labels: ['B-PER'], images: ['a.jpg', 'b.jpg'] },
  { id: '2', tokens: ['x'], labels: ['O'], images: ['a.jpg', 'gone.jpg'] },
  { id: '3', tokens: ['y'], labels: ['O'], images: ['b.jpg'] },
]

test.each([
  [
    'train.txt',
    CONLL.join('\n'),
    ['missing-picture', 'second-header'],
    'IMGID:a\nIMGID:b\nRob\tB-PER\n\nIMGID:a\nx\tO\n',
  ],
  [
    'train.jsonl',
    JSONL.map(post => `${JSON.stringify(post)}\n`).join(''),
    ['missing-picture'],
    '"images":["a.jpg"]',
  ],
])(
  '%s: posts with several pictures are no fault, and keep those that are there in a repaired copy',
  async (name, text, expected, kept) => {
    const source = await folderWith({ [name]: text })
    const images = await folderWith({
      'a.jpg': await noise().jpeg().toBuffer(),
      'b.jpg': await noise().jpeg().toBuffer(),
    })
    const fix = join(await folderWith({}), 'copy')
    const { findings } = await doctorRun({ data: source, images, fix })
    const faults = findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code)
    expect([...new Set(faults)].filter(code => /picture|header/.test(code)).sort()).toEqual(expected)
    expect(await readFile(join(fix, 'data', name), 'utf8')).toContain(kept)
    const { train } = await readDataset({
      data: join(fix, 'data'),
      images: join(fix, 'images'),
      onBrokenPicture: 'stop',
    })
    expect(train!.examples.map(picturesOf)).toEqual([['a.jpg', 'b.jpg'], ['a.jpg'], ['b.jpg']])
  },
)

test('a picture of a format that is not read is said, and kept in a repaired copy', async () => {
  const data = await folderWith({
    'train.jsonl': `${JSON.stringify({ tokens: ['a'], labels: ['O'], image: 'a.bmp' })}\n`,
  })
  const bmp = Buffer.concat([Buffer.from('BM'), Buffer.alloc(70)])
  const images = await folderWith({ 'a.bmp': bmp })
  const fix = join(await folderWith(), 'copy')
  const { findings, copy } = await doctorRun({ data, images, fix })
  expect(findings.map(({ code }) => code)).toContain('unread-picture')
  expect(findings.find(({ code }) => code === 'unread-picture')?.message).toMatch(
    /the format BMP is not read/,
  )
  expect(copy!.repairs.filter(({ code }) => /picture/.test(code))).toEqual([])
  expect(await readFile(join(fix, 'images/a.bmp'))).toEqual(bmp)
  expect((await readDataset({ data: join(fix, 'data') })).train!.report.picturesNotLookedUp).toBe(1)
})

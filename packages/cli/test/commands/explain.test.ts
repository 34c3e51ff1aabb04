import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import type { Explanation } from '@mafjs/explain'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { here } from './command'

let root: string
const at = (name: string): string => join(root, name)
const explain = (model: string, ...args: string[]) =>
  here('explain', '--model', at(model), '--text', 'kevin loves paris', '--backend', 'cpu', ...args)

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-cli-'))
  await useBackend('cpu')
  await writeTinyCheckpoint(at('model'))
  await writeTinyCheckpoint(at('text-only'), { pictures: false })
  const plain = (width: number, background: string) =>
    sharp({ create: { width, height: 20, channels: 3, background } })
  // What lies on its side stands upright on the page; no browser shows TIFF, and its metadata stays here.
  await plain(30, '#284')
    .withExifMerge({ IFD0: { Copyright: 'nobody' } })
    .tiff()
    .toFile(at('a.tiff'))
  await plain(3000, '#fff').withMetadata({ orientation: 6 }).jpeg().toFile(at('b.jpg'))
})
afterAll(() => rm(root, { recursive: true }))

/** What a page carries. */
const dataOf = (html: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!)

const sizeOf = async (address: string): Promise<unknown[]> => {
  const { format, width, height, exif } = await sharp(
    Buffer.from(address.split(',')[1]!, 'base64'),
  ).metadata()
  return [format, width, height, exif]
}

test('one post: a page with its pictures as browsers show them, and all numbers beside it', async () => {
  const args = ['--image', at('a.tiff'), '--other-image', at('b.jpg')]
  const { code, stdout, stderr } = await explain('model', ...args, '--out', at('new/page.html'))
  expect(stderr).toMatch(
    /^Engine: tfjs, backend cpu\nPage written to .*page\.html \(\d+ kB\), its numbers to .*page\.json\n$/,
  )
  expect([code, stdout]).toEqual([0, ''])
  const html = await readFile(at('new/page.html'), 'utf8')
  const { explanation, pictures, otherPictures } = dataOf(html)
  expect(await sizeOf(pictures[0])).toEqual(['webp', 30, 20, undefined])
  expect(await sizeOf(otherPictures[0])).toEqual(['webp', 8, 1200, undefined])
  const written: Explanation = JSON.parse(await readFile(at('new/page.json'), 'utf8'))
  expect(written.whatIf.map(({ picture }) => picture)).toEqual(['none', 'other'])
  expect(written.words.map(({ occlusion }) => occlusion?.length)).toEqual(
    written.words.map(({ attention }) => attention?.mean.length),
  )
  expect(explanation.entities).toEqual(written.entities)
  expect(written.pictures[0]!.name).toBe(at('a.tiff'))
  expect(html).not.toContain(root)
  expect(await readdir(at('new'))).toEqual(['page.html', 'page.json'])
})

test('a model of text alone; nothing is replaced unasked, and only what this command wrote', async () => {
  const out = at('text.html')
  const first = await explain('text-only', '--image', at('a.tiff'), '--out', out)
  expect(first.stderr).toContain('The model is text only: the picture is not used.')
  expect(dataOf(await readFile(out, 'utf8'))).toMatchObject({ pictures: [], explanation: { whatIf: [] } })
  const again = await explain('text-only', '--out', out)
  expect([again.code, again.stderr]).toEqual([
    1,
    expect.stringMatching(/--out must not exist yet\. Received: .*text\.html\. .*--overwrite/),
  ])
  expect((await explain('text-only', '--out', out, '--overwrite')).code).toBe(0)
  await writeFile(at('text.json'), '{"mine": true}')
  const other = await explain('text-only', '--out', out, '--overwrite')
  expect(other.stderr).toMatch(
    /--overwrite replaces only what this command has written\. Received: .*text\.json/,
  )
  expect(await readFile(at('text.json'), 'utf8')).toBe('{"mine": true}')
})

test.each([
  [
    ['--out', 'page.htm'],
    /--out must be the name of an \.html file\. Received: page\.htm\. Call it page\.html\./,
  ],
  [['--out', 'p.html', '--other-image', 'a.png'], /--other-image must be left out for a model of text alone/],
])('%j: one clear line', async (args, message) => {
  const { code, stderr } = await explain('text-only', ...args)
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(message)
  expect(code).toBe(1)
})

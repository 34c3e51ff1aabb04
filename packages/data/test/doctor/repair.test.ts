import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readDataset } from '../../src'
import { doctorRun } from '../../src/doctor/doctor-run'
import type { Repair } from '../../src/doctor/repair/repair'
import { folderWith } from '../files'
import { faultyConll, faultyFolder, faultyJsonl, good, noise, word } from './faulty-folder'

/** Every file below a folder with its content's digest, links and time of change; what `--fix` may not touch. */
async function stateOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const states = entries.map(async entry => {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) return path
    const { nlink, ctimeMs, isSymbolicLink } = await lstat(path).then(found => ({
      ...found,
      isSymbolicLink: found.isSymbolicLink(),
    }))
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    return [path, digest, nlink, ctimeMs, isSymbolicLink].join(' ')
  })
  return (await Promise.all(states)).sort()
}

const repairsOf = async (folder: string): Promise<Repair[]> =>
  (await readFile(join(folder, 'repairs.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

const codes = (items: readonly { code: string }[]): string[] =>
  [...new Set(items.map(({ code }) => code))].sort()

describe('a copy of a CoNLL folder with every fault', () => {
  test('has no error left, lists every repair, and leaves the source as it is', async () => {
    const { root, data, images } = await faultyConll()
    const before = [...(await stateOf(data)), ...(await stateOf(images))]
    const fix = join(await folderWith(), 'copy')
    const { counts, copy } = await doctorRun({ data, images, fix })
    expect([...(await stateOf(data)), ...(await stateOf(images))]).toEqual(before)
    expect((await readdir(root)).sort()).toEqual(['data', 'images'])
    expect(counts.error).toBeGreaterThan(8)

    const again = await doctorRun({ data: join(fix, 'data'), images: join(fix, 'images') })
    expect(again.counts.error).toBe(0)
    expect(codes(again.findings)).toEqual([
      // The post whose train twin was left out is as it was; the rest cannot be mended without guessing.
      'blank-token',
      'duplicate-id',
      'duplicate-picture',
      'id-across-splits',
      'picture-across-splits',
      'tiny-picture',
      'type-in-one-split',
      'type-not-in-train',
    ])
    expect(codes(copy!.findings)).toEqual(codes(again.findings))
    expect(copy!.findings.every(({ file }) => file.startsWith(fix))).toBe(true)

    const repairs = await repairsOf(fix)
    expect(repairs).toEqual(copy!.repairs)
    expect(codes(repairs)).toEqual([
      'broken-picture',
      'byte-order-mark',
      'carriage-return',
      'conflicting-labels',
      'duplicate-text',
      'empty-post',
      'label-outside-scheme',
      'mislabelled-picture',
      'missing-picture',
      'no-final-blank-line',
      'not-utf8',
      'orphan-inside',
      'other-scheme',
      'other-type',
      'picture-name',
      'second-header',
      'text-across-splits',
      'unreadable-line',
    ])
    expect(repairs.find(({ code }) => code === 'orphan-inside')).toEqual({
      code: 'orphan-inside',
      file: join(data, 'train.txt'),
      line: 17,
      repair: 'I-PER of word 2 made B-PER',
    })
    expect((await readdir(join(fix, '..'))).sort()).toEqual(['copy'])
  })

  test('is read by the strict reader, with its pictures under their true names', async () => {
    const { data, images } = await faultyConll()
    const fix = join(await folderWith(), 'copy')
    await doctorRun({ data, images, fix })
    const dataset = await readDataset({
      data: join(fix, 'data'),
      images: join(fix, 'images'),
      onBrokenPicture: 'stop',
    })
    const posts = dataset.train!.examples
    const pictures = Object.fromEntries(posts.map(({ id, image }) => [id, image]))
    expect(pictures).toMatchObject({ png: 'png.png', 'png-too.png': 'png-too.png', a: 'a.png' })
    // It keeps its name, without the picture.
    expect(pictures).toHaveProperty('broken', undefined)
    expect(dataset.train!.report.labelsMapped).toBe(0)
    // Four of 33 cannot be read or are empty, one is there twice, two are in valid.
    expect(posts).toHaveLength(26)
    expect(dataset.valid!.examples).toHaveLength(6)
    const copied = await readdir(join(fix, 'images'))
    expect(copied).not.toContain('stray.png')
    expect(await readFile(join(fix, 'images/png.png'))).toEqual(await readFile(join(images, 'png.jpg')))
  })

  test('needs no further repair', async () => {
    const { data, images } = await faultyConll()
    const root = await folderWith()
    const [first, second] = [join(root, 'first'), join(root, 'second')]
    await doctorRun({ data, images, fix: first })
    const { copy } = await doctorRun({
      data: join(first, 'data'),
      images: join(first, 'images'),
      fix: second,
    })
    expect(copy!.repairs).toEqual([])
    for (const file of ['train.txt', 'valid.txt', 'test.txt']) {
      expect(await readFile(join(second, 'data', file))).toEqual(await readFile(join(first, 'data', file)))
    }
  })
})

test('a copy of a JSONL folder changes only the lines that need it', async () => {
  const { data } = await faultyJsonl()
  const fix = join(await folderWith(), 'copy')
  const { copy } = await doctorRun({ data, fix })
  expect(copy!.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  const lines = (text: string): string[] => text.split('\n').filter(Boolean)
  const source = new Set(lines(await readFile(join(data, 'train.jsonl'), 'latin1')))
  const train = lines(await readFile(join(fix, 'data/train.jsonl'), 'utf8'))
  const changed = train.filter(line => !source.has(line)).map(line => JSON.parse(line))
  expect(changed.map(({ id }) => id)).toEqual([2, 6, 9, '1234567890123456789', '1234567890123456788'])
  expect(changed[0].entities[0].type).toBe('MISC')
  expect(changed[1].labels).toEqual(['O', 'B-PER'])
  expect(changed[2]).not.toHaveProperty('image')
  // Post 1 has the words of a post of valid; the one without labels stays.
  expect(train.map(line => JSON.parse(line).id)).toEqual([...changed.map(({ id }) => id), 17, 18, 11])
  expect(await readdir(fix)).not.toContain('images')
})

test('a picture is not renamed where the new name could be taken for another', async () => {
  const png = await noise().png().toBuffer()
  const { data, images } = await faultyFolder(
    '.txt',
    [{ split: 'train', lines: [...good('a.jpg'), ...good('a.png'), ...good('b')] }],
    { 'a.jpg': png, 'a.png': await noise().png().toBuffer(), 'b.jpg': await noise().png().toBuffer() },
  )
  await writeFile(join(data, 'valid.txt'), `${word()}\tB-PER\n\n`)
  await writeFile(join(data, 'test.txt'), `${word()}\tB-PER\n\n`)
  const fix = join(await folderWith(), 'copy')
  const { copy } = await doctorRun({ data, images, fix })
  expect((await readdir(join(fix, 'images'))).sort()).toEqual(['a.jpg', 'a.png', 'b.png'])
  expect(await readFile(join(fix, 'images/a.jpg'))).toEqual(png)
  expect(codes(copy!.findings)).toEqual(['mislabelled-picture', 'type-in-one-split'])
})

test('a copy of one file keeps its name', async () => {
  const root = await folderWith({ 'mine.txt': `${word()}\tI-PER\n` })
  const fix = join(root, 'copy')
  await doctorRun({ data: join(root, 'mine.txt'), fix })
  expect(await readFile(join(fix, 'data/mine.txt'), 'utf8')).toMatch(/^q\w+\tB-PER\n\n$/)
})

test('a folder that exists, or inside the source, even through a link, is refused before anything is written', async () => {
  const { root, data, images } = await faultyConll()
  const before = await stateOf(root)
  await expect(doctorRun({ data, images, fix: root })).rejects.toThrow(/^fix must not exist yet/)
  for (const inside of [join(data, 'copy'), join(images, 'deep/copy')]) {
    await expect(doctorRun({ data, images, fix: inside })).rejects.toThrow(/^fix must not lie inside .*stays/)
  }
  const elsewhere = await folderWith()
  await symlink(data, join(elsewhere, 'link'))
  const linked = join(elsewhere, 'link/copy')
  await expect(doctorRun({ data, fix: linked })).rejects.toThrow(/^fix must not lie inside/)
  expect(await stateOf(root)).toEqual(before)
})

test('a file of which nothing can be kept leaves nothing behind', async () => {
  const data = await folderWith({ 'train.txt': 'a\tO\n\n', 'test.txt': 'a\tQ-PER\n\n' })
  const root = await folderWith()
  await mkdir(join(root, 'in'))
  const fix = join(root, 'in/copy')
  await expect(doctorRun({ data, fix })).rejects.toThrow(/test\.txt must have a post that can be kept/)
  expect(await readdir(join(root, 'in'))).toEqual([])
  await expect(stat(fix)).rejects.toThrow()
})

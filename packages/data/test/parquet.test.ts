import { existsSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { convertRun, readDataset, readExamples, unpackPictures } from '../src'
import { boundedCompressors } from '../src/containers/parquet-bounds'
import { entitiesOf } from './entities-of'
import { folderWith } from './files'

// Written by datasets, pyarrow and polars: fixtures/make-formats.py.
const FIXTURES = join(import.meta.dirname, 'fixtures/formats')

/** A data folder with some fixtures under other names. */
async function folderOf(files: Record<string, string>): Promise<string> {
  const data = await folderWith()
  for (const [name, fixture] of Object.entries(files))
    await copyFile(join(FIXTURES, fixture), join(data, name))
  return data
}

/** The name of a column changed where it is first found in the footer, which is in its schema. */
function renamed(file: Buffer): Buffer {
  const footer = file.length - 8 - file.readUInt32LE(file.length - 8)
  const copy = Buffer.from(file)
  copy.write('tokenz', copy.indexOf('tokens', footer))
  return copy
}

describe('Parquet', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])(
    'is read as pyarrow writes it: %s',
    async codec => {
      const { examples } = await readExamples(join(FIXTURES, `${codec}.parquet`))
      expect(examples.map(({ id, words, labels }) => [id, words, labels])).toEqual([
        ['9007199254740993', ['Rob', 'sleeps'], ['B-PER', 'O']],
        ['2', ['x'], undefined],
      ])
    },
  )

  it.each<[string, (file: Buffer) => Buffer, string]>([
    ['cut off', file => file.subarray(0, -20), 'must be a whole Parquet file'],
    // Of the schema alone: its reader would wait for the column of that name, and the real one end the process.
    ['with a column of another name', file => renamed(file), 'columns that are not those of its schema'],
  ])('that is damaged is refused, and ends no process: %s', async (_, damage, message) => {
    const data = await folderWith({ 'a.parquet': damage(await readFile(join(FIXTURES, 'none.parquet'))) })
    await expect(readExamples(join(data, 'a.parquet'))).rejects.toThrow(message)
  })

  it('with a column of -1 columns is refused before the test runs out of time', async () => {
    const file = join(FIXTURES, '../negative-children.parquet')
    await expect(readExamples(file)).rejects.toThrow(InvalidArgumentError)
  })

  it('that would unpack to many times its size is not unpacked', () => {
    const zeros = (_: Uint8Array, length: number): Uint8Array => new Uint8Array(length)
    const { GZIP } = boundedCompressors({ GZIP: zeros }, 1000)
    expect(GZIP!(new Uint8Array(9), 64_000_000)).toHaveLength(64_000_000)
    expect(() => GZIP!(new Uint8Array(9), 30_000)).toThrow('unpack to more than 20 times its 1000 bytes')
  })

  it('of polars, with row groups and dictionaries, has the fields of JSONL', async () => {
    const { examples } = await readExamples(join(FIXTURES, 'polars.parquet'))
    expect(examples).toHaveLength(100)
    expect(examples.slice(-2).map(post => [post.source.line, ...entitiesOf(post)])).toEqual([
      [99, 'PER Rob'],
      [100, 'LOC Oslo'],
    ])
  })

  it('of the hub has the names of its labels and its pictures in it', async () => {
    const data = await folderOf({ 'train-00000-of-00001.parquet': 'hub.parquet' })
    const { train } = await readDataset({ data })
    expect(train!.examples.map(({ labels }) => labels!.join(' '))).toEqual(['B-PER O', 'O B-LOC I-LOC', 'O'])
    expect(train!.report.picturesNotLookedUp).toBe(2)
    const images = join(await folderWith({ 'a.jpg': 'x' }), 'new')
    await expect(readDataset({ data, images: join(images, '..') })).rejects.toThrow(
      /train-00000-of-00001\.parquet:1 must have its pictures in .*"a\.png", which stands in the file itself\. Unpack/,
    )
    expect(await unpackPictures({ data, images })).toBe(2)
    expect(await unpackPictures({ data, images })).toBe(2)
    const { train: again } = await readDataset({ data, images, onBrokenPicture: 'stop' })
    const names = again!.examples.map(({ image }) => image)
    expect(names).toEqual(['a.png', 'train-00000-of-00001-2.jpg', undefined])
    for (const name of names.slice(0, 2)) expect((await sharp(join(images, name!)).metadata()).width).toBe(8)
    const other = await folderWith({ 'a.png': 'other' })
    await expect(unpackPictures({ data, images: other })).rejects.toThrow(
      '"a.png", of which there is another',
    )
    expect(await readFile(join(other, 'a.png'), 'utf8')).toBe('other')
  })

  it('is converted with its pictures, or they are counted', async () => {
    const data = await folderOf({ 'a.parquet': 'hub.parquet' })
    const folder = await folderWith()
    const [out, images] = [join(folder, 'a.jsonl'), join(folder, 'images')]
    const { left } = await convertRun({ data: join(data, 'a.parquet'), out, to: 'jsonl' })
    expect(left).toEqual([{ what: 'pictures in the data itself, which need a folder (images)', count: 2 }])
    const whole = join(folder, 'b.jsonl')
    const other = await folderWith({ 'a.png': 'other' })
    await expect(
      convertRun({ data: join(data, 'a.parquet'), out: whole, to: 'jsonl', images: other }),
    ).rejects.toThrow('of which there is another')
    expect(existsSync(whole)).toBe(false)
    expect(
      (await convertRun({ data: join(data, 'a.parquet'), out: whole, to: 'jsonl', images })).left,
    ).toEqual([])
    const { examples } = await readExamples(whole, { images, onBrokenPicture: 'stop' })
    expect(examples.map(({ labels, image }) => [labels!.join(' '), image])).toEqual([
      ['B-PER O', 'a.png'],
      ['O B-LOC I-LOC', 'a-2.jpg'],
      ['O', undefined],
    ])
  })

  it('in parts is one split', async () => {
    const parts = {
      'test-00000-of-00002.parquet': 'zstd.parquet',
      'test-00001-of-00002.parquet': 'snappy.parquet',
    }
    const data = await folderOf(parts)
    const { test } = await readDataset({ data })
    expect(test!.examples.map(({ id, source }) => [id, source.file.replace(data, ''), source.line])).toEqual([
      ['9007199254740993', '/test-00000-of-00002.parquet', 1],
      ['2', '/test-00000-of-00002.parquet', 2],
      ['9007199254740993', '/test-00001-of-00002.parquet', 1],
      ['2', '/test-00001-of-00002.parquet', 2],
    ])
    const half = await folderOf({ 'test-00000-of-00002.parquet': 'zstd.parquet' })
    await expect(readDataset({ data: half })).rejects.toThrow(
      'test-00001-of-00002.parquet must be a file of posts',
    )
  })

  it('that is damaged is refused', async () => {
    const whole = await readFile(join(FIXTURES, 'zstd.parquet'))
    for (const bytes of [
      whole.subarray(0, 700),
      Buffer.concat([whole.subarray(0, 4), Buffer.alloc(200), whole.subarray(204)]),
    ]) {
      const data = await folderWith({ 'train.parquet': bytes })
      await expect(readDataset({ data })).rejects.toThrow('train.parquet:1 must be a whole Parquet file')
    }
  })
})

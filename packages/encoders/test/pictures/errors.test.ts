import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { InvalidArgumentError } from '@mafjs/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPicture, PictureError, type PictureFault } from '../../src/pictures'
import { digest, draw, loadBytes, raw } from './drawing'
import { pngHeader } from './png-chunks'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-pictures-'))
})
afterAll(() => rm(folder, { recursive: true }))

const noise = raw(
  draw(120, 90, (x, y, c) => (x * 31 + y * 17 + c * 7 + x * y) & 255),
  120,
  90,
)

async function refused(
  source: string | Uint8Array,
  fault: PictureFault,
  message: string | RegExp,
  options = {},
) {
  const error = await loadPicture(source, options).then(
    () => expect.unreachable('it was read'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(PictureError)
  expect((error as PictureError).fault).toBe(fault)
  expect((error as PictureError).message).toMatch(message)
}

describe('what cannot be used', () => {
  it('a missing file, a folder and an empty file, by name', async () => {
    const missing = join(folder, 'missing.jpg')
    await refused(missing, 'missing', `${missing}: there is no such file`)
    await refused(join(missing, 'below.jpg'), 'missing', 'below.jpg')
    await refused(folder, 'unreadable', 'it is a folder')
    const empty = join(folder, 'empty.jpg')
    await writeFile(empty, '')
    await refused(empty, 'empty', `${empty}: the picture is empty`)
    await refused(new Uint8Array(), 'empty', 'picture of 0 bytes')
  })

  it.each([
    'http://127.0.0.1:9/a.jpg',
    'https://a.example/b.png',
    'file:///a.jpg',
    'data:image/png;base64,AAAA',
  ])('a URL: %s', url => refused(url, 'remote', 'a URL is not fetched'))

  it('what is no picture', async () => {
    const text = join(folder, 'page.jpg')
    await writeFile(text, '<!doctype html><title>404</title>')
    await refused(text, 'not a picture', `${text}: its content is of no known format`)
    await refused(Buffer.alloc(500, 7), 'not a picture', 'Use a JPEG, PNG')
  })

  const { unread } = JSON.parse(readFileSync(new URL('fixtures/formats.json', import.meta.url), 'utf8'))
  it.each(Object.entries<string>(unread))(
    'a whole picture of a format that is not read: %s',
    (format, file) =>
      refused(Buffer.from(file, 'base64'), 'format not read', `the format ${format} is not read. Use a JPEG`),
  )

  describe('an SVG, which the renderer never sees: it would say that this one is broken', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9"><g></svg>'
    it.each([
      ['as it is', svg],
      ['behind white space', `${' '.repeat(5000)}\n${svg}`],
      ['behind a mark of the order of bytes', `\uFEFF${svg}`],
      [
        'behind a comment and a type',
        `<?xml version="1.0"?><!-- ${'x'.repeat(9000)} --><!DOCTYPE svg>${svg}`,
      ],
      ['in a name space, in capitals', svg.replaceAll('svg ', 'S:SVG ')],
      ['of two bytes a character', Buffer.from(`\uFEFF${svg}`, 'utf16le')],
      ['of two bytes, the other way', Buffer.from(`\uFEFF${svg}`, 'utf16le').swap16()],
    ])('%s', (_, content) => refused(Buffer.from(content), 'format not read', 'the format svg is not read'))

    it('compressed', () => refused(gzipSync(svg), 'not a picture', 'a compressed file, such as .svgz'))

    it.each([
      '\xff\xd8',
      '\x89PNG\r\n\x1a\n',
      'RIFFaaaaWEBP',
      'GIF89a',
      'II*\0',
      'MM\0*',
      'MM\0+',
      '\0\0aaftypavif',
    ])('behind the beginning of another format: %j', async beginning => {
      const bytes = Buffer.from(beginning + svg.padEnd(2000), 'latin1')
      const error = await loadPicture(bytes).catch((error: PictureError) => error)
      expect(error).toBeInstanceOf(PictureError)
      // What a reader of XML says of it.
      expect((error as PictureError).message).not.toMatch(/svg|xml|glib/i)
    })
  })

  it.each(['jpeg', 'png', 'webp', 'gif'] as const)('a %s that is cut off', async format => {
    const whole = await noise.clone().toFormat(format).toBuffer()
    for (const share of [0.3, 0.6, 0.9]) {
      await refused(whole.subarray(0, whole.length * share), 'broken', 'it is broken or cut off')
    }
  })

  it('too many pixels, by the header alone', async () => {
    await refused(
      pngHeader(30_000, 30_000),
      'too many pixels',
      '30000 x 30000 pixels are more than the limit of 67108864',
    )
    await refused(pngHeader(8192, 8193), 'too many pixels', 'raise pixelLimit')
    await refused(
      pngHeader(32_769, 1),
      'too many pixels',
      '32769 x 1 pixels have a side above the limit of 32768',
    )
    await refused(pngHeader(1, 32_769), 'too many pixels', 'cut it into pieces')
    await refused(pngHeader(32_768, 1), 'broken', 'broken or cut off')
    const deep = { depth: 16, colour: 6, isInterlaced: true } as const
    const message = '5000 x 5000 pixels of this png take 298 MB to decode, above the limit of 269 MB'
    await refused(pngHeader(5000, 5000, deep), 'too many pixels', message)
    await refused(pngHeader(4000, 4000, deep), 'broken', 'broken or cut off')
    await refused(pngHeader(8192, 8192), 'broken', 'broken or cut off')
    const png = await noise.clone().png().toBuffer()
    await refused(png, 'too many pixels', 'the limit of 10799', { pixelLimit: 120 * 90 - 1 })
    await loadPicture(png, { pixelLimit: 120 * 90 })
  })
})

it('stray bytes, as real cameras and editors leave them, do no harm', async () => {
  const jpeg = await noise.clone().jpeg().toBuffer()
  const expected = digest(await loadBytes(jpeg))
  const stray = Buffer.from([1, 2, 3, 4])
  const tables = jpeg.indexOf(Buffer.from([0xff, 0xdb]))
  const inside = Buffer.concat([jpeg.subarray(0, tables), stray, jpeg.subarray(tables)])
  expect(digest(await loadBytes(inside))).toBe(expected)
  expect(digest(await loadBytes(Buffer.concat([jpeg, stray])))).toBe(expected)
})

it.each([
  [{ size: 0 }, 'size'],
  [{ size: 2.5 }, 'size'],
  [{ size: 300 }, 'resize must be an integer of at least size = 300'],
  [{ mean: [0.5] }, 'mean must be three numbers'],
  [{ deviation: [1, 1, 0] }, 'deviation must be three positive numbers'],
  [{ pixelLimit: -1 }, 'pixelLimit'],
])('an option that does not fit: %j', async (options, message) => {
  const png = await noise.clone().png().toBuffer()
  await expect(loadPicture(png, options)).rejects.toThrow(InvalidArgumentError)
  await expect(loadPicture(png, options)).rejects.toThrow(message)
})

it('a source that is neither path nor bytes', async () => {
  await expect(loadPicture(7 as unknown as string)).rejects.toThrow('source must be a path, a Buffer')
})

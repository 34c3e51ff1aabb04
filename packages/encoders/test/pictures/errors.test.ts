import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { InvalidArgumentError } from '@mafjs/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPicture, PictureError, type PictureFault } from '../../src/pictures'
import { digest, draw, loadBytes, raw } from './drawing'

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

/** A PNG of a header only, whatever size it claims. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(25)
  header.writeUInt32BE(13, 0)
  header.write('IHDR', 4, 'latin1')
  header.writeUInt32BE(width, 8)
  header.writeUInt32BE(height, 12)
  header.set([8, 2, 0, 0, 0], 16)
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    header,
    Buffer.from('0000000049444154', 'hex'),
  ])
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
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')
    await refused(svg, 'not a picture', 'the format svg is not read')
  })

  it.each(['jpeg', 'png', 'webp', 'gif'] as const)('a %s that is cut off', async format => {
    const whole = await noise.clone().toFormat(format).toBuffer()
    for (const share of [0.3, 0.6, 0.9]) {
      await refused(whole.subarray(0, whole.length * share), 'broken', 'it is broken or cut off')
    }
  })

  it('too many pixels, by the header alone', async () => {
    await refused(
      pngHeader(60_000, 60_000),
      'too many pixels',
      '60000 x 60000 pixels are more than the limit of 67108864',
    )
    await refused(pngHeader(8192, 8193), 'too many pixels', 'raise pixelLimit')
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

import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { colours, draw, loadBytes, raw } from './drawing'

const FORMATS: { cmyk: Record<string, { file: string; rgb: string }> } = JSON.parse(
  readFileSync(new URL('fixtures/formats.json', import.meta.url), 'utf8'),
)

const SMALL = { resize: 8, size: 8 }
const flat = (red: number, green: number, blue: number) =>
  raw(
    draw(16, 16, (_x, _y, c) => [red, green, blue][c]!),
    16,
    16,
  )

describe('EXIF orientation', () => {
  const [width, height] = [48, 32]
  /** Every pixel different, nothing symmetric. */
  const upright = draw(
    width,
    height,
    (x, y, c) => (x * 5 + y * 3 + c * 40 + (x > 30 && y < 9 ? 60 : 0)) & 255,
  )

  /** The EXIF standard's table: on which side of the upright picture the stored row 0 and column 0 lie. */
  const SIDES = {
    1: ['top', 'left'],
    2: ['top', 'right'],
    3: ['bottom', 'right'],
    4: ['bottom', 'left'],
    5: ['left', 'top'],
    6: ['right', 'top'],
    7: ['right', 'bottom'],
    8: ['left', 'bottom'],
  } as const

  /** Where the pixel at `index` from a side lies, counted from the top or left. */
  const along = (side: string, index: number): number =>
    side === 'bottom' ? height - 1 - index : side === 'right' ? width - 1 - index : index

  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('%i gives the upright picture', async orientation => {
    const [rowSide, columnSide] = SIDES[orientation]
    const turned = rowSide === 'left' || rowSide === 'right'
    const [columns, rows] = turned ? [height, width] : [width, height]
    const stored = draw(columns, rows, (column, row, c) => {
      const x = turned ? along(rowSide, row) : along(columnSide, column)
      const y = turned ? along(columnSide, column) : along(rowSide, row)
      return upright[(y * width + x) * 3 + c]!
    })
    const options = { resize: height, size: height }
    const expected = await loadBytes(await raw(upright, width, height).png().toBuffer(), options)
    const image = raw(stored, columns, rows).withMetadata({ orientation })
    expect(await loadBytes(await image.clone().webp({ lossless: true }).toBuffer(), options)).toEqual(
      expected,
    )
    const jpeg = await loadBytes(
      await image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
      options,
    )
    const errors = jpeg.map((value, i) => Math.abs(value - expected[i]!))
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(2)
  })
})

describe('every kind of pixel becomes 8-bit RGB', () => {
  it('grey', async () => {
    const grey = raw(Buffer.alloc(256, 77), 16, 16, 1).toColourspace('b-w')
    expect(colours(await loadBytes(await grey.clone().png().toBuffer(), SMALL))).toEqual(['77,77,77'])
    expect(colours(await loadBytes(await grey.jpeg().toBuffer(), SMALL))).toEqual(['77,77,77'])
  })

  it('transparent grey, on white', async () => {
    const half = raw(Buffer.alloc(512, Uint8Array.of(0, 51)), 16, 16, 2).png()
    expect(colours(await loadBytes(await half.toBuffer(), SMALL))).toEqual(['204,204,204'])
  })

  it('transparent colour, on white: what is hidden does not show', async () => {
    const image = (alpha: number) =>
      raw(Buffer.alloc(1024, Uint8Array.of(255, 0, 100, alpha)), 16, 16, 4)
        .png()
        .toBuffer()
    expect(colours(await loadBytes(await image(0), SMALL))).toEqual(['255,255,255'])
    expect(colours(await loadBytes(await image(51), SMALL))).toEqual(['255,204,224'])
    expect(colours(await loadBytes(await image(255), SMALL))).toEqual(['255,0,100'])
  })

  it('palette', async () => {
    const image = raw(
      draw(16, 16, (x, _y, c) => (x < 8 ? [200, 10, 30] : [0, 90, 250])[c]!),
      16,
      16,
    )
    const png = await image.png({ palette: true }).toBuffer()
    expect((await sharp(png).metadata()).isPalette).toBe(true)
    const found = colours(await loadBytes(png, { resize: 16, size: 16 }))
    expect(found).toEqual(['200,10,30', '0,90,250'])
  })

  it('16 bit', async () => {
    const png = await flat(200, 10, 30).toColourspace('rgb16').png().toBuffer()
    expect((await sharp(png).metadata()).depth).toBe('ushort')
    expect(colours(await loadBytes(png, SMALL))).toEqual(['200,10,30'])
  })

  it.each(Object.entries(FORMATS.cmyk))('CMYK as Pillow reads it: a %s', async (_, { file, rgb }) => {
    const values = await loadBytes(Buffer.from(file, 'base64'), { resize: 16, size: 16 })
    expect(Buffer.from(values).toString('base64')).toBe(rgb)
  })

  it('an embedded colour profile changes nothing', async () => {
    const png = await flat(200, 10, 30).withIccProfile('p3').png().toBuffer()
    expect((await sharp(png).metadata()).icc).toBeDefined()
    const values = await sharp(png, { ignoreIcc: true }).raw().toBuffer()
    expect(colours(await loadBytes(png, SMALL))).toEqual([values.subarray(0, 3).join()])
  })

  it.each(['gif', 'webp'] as const)('the first frame of an animated %s', async format => {
    const frames = await Promise.all([
      flat(255, 0, 0).png().toBuffer(),
      flat(0, 0, 255).png().toBuffer(),
      flat(0, 255, 0).png().toBuffer(),
    ])
    const animation = sharp(frames, { join: { animated: true } })
    const bytes = await (format === 'gif' ? animation.gif() : animation.webp({ lossless: true })).toBuffer()
    expect((await sharp(bytes).metadata()).pages).toBe(3)
    expect(colours(await loadBytes(bytes, SMALL))).toEqual(['255,0,0'])
  })

  it('TIFF and AVIF', async () => {
    expect(
      colours(await loadBytes(await flat(200, 10, 30).tiff({ compression: 'lzw' }).toBuffer(), SMALL)),
    ).toEqual(['200,10,30'])
    const avif = await loadBytes(await flat(128, 128, 128).avif({ effort: 0 }).toBuffer(), SMALL)
    expect(Math.abs(avif[0]! - 128)).toBeLessThan(3)
  })

  it('one single pixel', async () => {
    const one = await raw(Buffer.from([9, 8, 7]), 1, 1)
      .png()
      .toBuffer()
    const bytes = await loadBytes(one)
    expect([bytes.length, ...colours(bytes)]).toEqual([224 * 224 * 3, '9,8,7'])
  })
})

it('the content decides, not the suffix', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maf-pictures-'))
  try {
    const path = join(folder, 'photo.jpg')
    await writeFile(path, await flat(1, 2, 3).png().toBuffer())
    expect(colours(await loadBytes(path, SMALL))).toEqual(['1,2,3'])
  } finally {
    await rm(folder, { recursive: true })
  }
})

import { describe, expect, it } from 'vitest'
import { loadPicture } from '../../src/pictures'
import { digest, draw, loadBytes, raw } from './drawing'
import oracle from './fixtures/oracle.json' with { type: 'json' }

/** The formula of make-oracle.py. */
const pattern = (width: number, height: number) =>
  draw(width, height, (x, y, c) => ((x * (3 + c) + y * (5 - c)) ^ ((x * y) >> (2 + c))) & 255)

describe('resize and crop are torchvision, bit for bit', () => {
  for (const { width, height, resize, size, sha256, first, normalised } of oracle) {
    it(`${width} x ${height} -> ${resize} -> ${size}`, async () => {
      const png = await raw(pattern(width, height), width, height).png({ compressionLevel: 1 }).toBuffer()
      const bytes = await loadBytes(png, { resize, size })
      expect([...bytes.subarray(0, 12)]).toEqual(first)
      expect(digest(bytes)).toBe(sha256)
      const { pixels } = await loadPicture(png, { resize, size })
      for (const [i, value] of normalised.first.entries()) expect(pixels[i]).toBeCloseTo(value, 5)
      const sum = pixels.reduce((total, value) => total + value, 0)
      expect(Math.abs(sum - normalised.sum)).toBeLessThan(1e-6 * pixels.length)
    })
  }
})

describe('the crop by hand, where nothing is resized', () => {
  // The short side is 256 already; red is the column, green the row, blue how often the column passed 256.
  const ruler = (width: number, height: number) =>
    raw(
      draw(width, height, (x, y, c) => [x % 256, y % 256, x >> 8][c]!),
      width,
      height,
    )
      .png()
      .toBuffer()

  it.each([
    // (side - 224) / 2, a half going to the even neighbour
    [256, 256, 16, 16],
    [340, 256, 58, 16],
    [341, 256, 58, 16],
    [342, 256, 59, 16],
    [343, 256, 60, 16],
    [256, 343, 16, 60],
  ])('%i x %i starts at column %i, row %i', async (width, height, column, row) => {
    const bytes = await loadBytes(await ruler(width, height))
    expect([...bytes.subarray(0, 6)]).toEqual([column, row, 0, column + 1, row, 0])
    const last = [column + 223, row + 223].map(value => value % 256)
    expect([...bytes.subarray(-3)]).toEqual([...last, (column + 223) >> 8])
  })

  it('the result is square, channels last', async () => {
    const picture = await loadPicture(await ruler(300, 256), { size: 50, resize: 256 })
    expect([picture.width, picture.height, picture.pixels.length]).toEqual([50, 50, 50 * 50 * 3])
  })
})

it('is the same every time, however many load at once, and leaves the bytes alone', async () => {
  const png = await raw(pattern(500, 333), 500, 333).jpeg().toBuffer()
  const shifted = new Uint8Array(png.length + 3)
  shifted.set(png, 3)
  const view = shifted.subarray(3)
  const pictures = await Promise.all([png, view, png].map(source => loadPicture(source)))
  const digests = pictures.map(({ pixels }) => digest(new Uint8Array(pixels.buffer)))
  expect(new Set(digests).size).toBe(1)
  expect(digest(view)).toBe(digest(png))
})

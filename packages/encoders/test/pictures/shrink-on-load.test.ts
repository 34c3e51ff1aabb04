import { expect, it } from 'vitest'
import { preparationOf, preparationProblem, savedPreparation } from '../../src'
import { loadPicture } from '../../src/pictures'
import { draw, loadBytes, raw } from './drawing'

const [WIDTH, HEIGHT] = [331, 240]
/** Slow waves: what shrinking leaves out of them is little. */
const waves = raw(
  draw(WIDTH, HEIGHT, (x, y, c) => 128 + 100 * Math.sin(x / (17 + 5 * c)) * Math.cos(y / 23)),
  WIDTH,
  HEIGHT,
)
const jpeg = () => waves.clone().jpeg({ quality: 95, chromaSubsampling: '4:4:4' })

const mostApart = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

const both = async (source: Uint8Array, sizes: { resize: number; size: number }): Promise<number> =>
  mostApart(await loadBytes(source, sizes), await loadBytes(source, { ...sizes, shrinkOnLoad: true }))

it('a JPEG is decoded smaller where its short side keeps enough pixels, to about the same numbers', async () => {
  const file = await jpeg().toBuffer()
  for (const [resize, factor] of [
    [120, 2],
    [60, 4],
    [30, 8],
    [29, 8],
  ] as const) {
    const apart = await both(file, { resize, size: resize - 5 })
    expect(apart, `${resize}`).toBeGreaterThan(0)
    // 331 is no multiple: at its end pixels lie up to half a shrunk one away, and the steepest wave climbs 100 / 17 a pixel.
    expect(apart, `${resize}`).toBeLessThan((factor / 2) * (100 / 17) + 3)
  }
})

it('turned upright after it', async () => {
  const file = await jpeg().withMetadata({ orientation: 6 }).toBuffer()
  expect(await both(file, { resize: 60, size: 50 })).toBeLessThan(2 * (100 / 17) + 3)
  // What a person sees of it is not what was decoded.
  const { upright } = await loadPicture(file, { resize: 60, size: 50, shrinkOnLoad: true })
  expect(upright).toMatchObject({ width: HEIGHT, height: WIDTH, seen: { left: 5 / 60, width: 50 / 60 } })
})

it('what has too few pixels, or is no JPEG, is decoded whole', async () => {
  expect(await both(await jpeg().toBuffer(), { resize: 121, size: 100 })).toBe(0)
  expect(await both(await waves.clone().png().toBuffer(), { resize: 30, size: 30 })).toBe(0)
  const inks = await waves.clone().toColourspace('cmyk').jpeg().toBuffer()
  expect(await both(inks, { resize: 30, size: 30 })).toBe(0)
})

it('a configuration says it, and says nothing where it is not asked for', async () => {
  const usual = preparationOf({ pictureSize: 224 })
  expect(savedPreparation(usual)).toEqual({ pictureSize: 224 })
  const saved = savedPreparation({ ...usual, shrinkOnLoad: true })
  expect(saved.pictureTransform).toMatchObject({ shrinkOnLoad: true })
  expect(preparationOf({ ...saved, pictureSize: 224 })).toEqual({ ...usual, shrinkOnLoad: true })
  expect(preparationProblem(saved)).toBeUndefined()
  const damaged = { pictureSize: 224, pictureTransform: { ...saved.pictureTransform, shrinkOnLoad: 2 } }
  expect(preparationProblem(damaged)?.rule).toContain('shrinkOnLoad')
  const wrong = loadPicture(await jpeg().toBuffer(), { shrinkOnLoad: 'yes' as never })
  await expect(wrong).rejects.toThrow('shrinkOnLoad must be true or false')
})

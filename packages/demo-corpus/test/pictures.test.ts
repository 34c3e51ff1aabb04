import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import {
  createDemoCorpus,
  type DemoType,
  demoTypes,
  encodePng,
  meanColourProbe,
  type ProbePicture,
  pictureScene,
  renderPicture,
} from '../src'

async function render(count: number, firstSeed: number): Promise<ProbePicture[]> {
  const list = Array.from({ length: count }, (_, i) => ({
    pictureClass: demoTypes[i % 4]!,
    seed: firstSeed + i,
  }))
  return Promise.all(
    list.map(async options => ({ ...options, pixels: await renderPicture({ ...options, size: 28 }) })),
  )
}

describe('a picture', () => {
  it('has three channels and the size asked for', async () => {
    for (const pictureClass of demoTypes) {
      expect(await renderPicture({ pictureClass, seed: 5 })).toHaveLength(56 * 56 * 3)
      expect(await renderPicture({ pictureClass, seed: 5, size: 40 })).toHaveLength(40 * 40 * 3)
    }
    await expect(renderPicture({ pictureClass: 'PER', seed: 1, size: 0 })).rejects.toThrow(/^size must be/)
    await expect(renderPicture({ pictureClass: 'CAT' as DemoType, seed: 1 })).rejects.toThrow(/^pictureClass/)
  })

  it('follows from class and seed alone', async () => {
    const one = await renderPicture({ pictureClass: 'MISC', seed: 77 })
    expect(await renderPicture({ pictureClass: 'MISC', seed: 77 })).toEqual(one)
    expect(await renderPicture({ pictureClass: 'MISC', seed: 78 })).not.toEqual(one)
    expect(await renderPicture({ pictureClass: 'PER', seed: 77 })).not.toEqual(one)
  })

  it('shows all scenes of its class', () => {
    const scenes = demoTypes.map(
      pictureClass =>
        new Set(Array.from({ length: 200 }, (_, seed) => pictureScene({ pictureClass, seed }))).size,
    )
    expect(scenes).toEqual([3, 4, 4, 6])
  })

  it('becomes a PNG without loss', async () => {
    const pixels = await renderPicture({ pictureClass: 'ORG', seed: 9, size: 24 })
    const { data, info } = await sharp(await encodePng(pixels, 24))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).toEqual([24, 24, 3])
    expect(new Uint8Array(data)).toEqual(pixels)
  })

  it('belongs to its post', async () => {
    const { test: posts, pictures } = createDemoCorpus({ seed: 1, train: 0, valid: 0, test: 40 })
    const pictured = posts.find(post => post.kind === 'text')!
    const { pictureClass, pictureSeed } = pictured
    expect(await pictures(pictured)).toEqual(
      await renderPicture({ pictureClass: pictureClass!, seed: pictureSeed! }),
    )
    expect(await pictures(posts.find(post => post.kind === 'no-picture')!)).toBeUndefined()
  })
})

describe('the mean colour', () => {
  it('does not tell the classes apart', async () => {
    const pictures = await render(900, 1000)
    const { accuracy, chance } = meanColourProbe({ train: pictures.slice(0, 600), test: pictures.slice(600) })
    expect(chance).toBe(0.25)
    expect(accuracy).toBeLessThan(0.35)
    // a picture and its negative are equally likely: every channel of every class averages to the middle grey
    for (const type of demoTypes) {
      const bytes = pictures.filter(({ pictureClass }) => pictureClass === type).map(({ pixels }) => pixels)
      for (let channel = 0; channel < 3; channel++) {
        const means = bytes.map(pixels => {
          let sum = 0
          for (let i = channel; i < pixels.length; i += 3) sum += pixels[i]!
          return sum / (pixels.length / 3)
        })
        const average = means.reduce((sum, mean) => sum + mean, 0) / means.length
        expect(Math.abs(average - 127.5), `${type} ${channel}`).toBeLessThan(16)
      }
    }
  })

  it('would be found if it did', async () => {
    // a little more red in one class, a little less in another
    const tint: Record<DemoType, number> = { PER: 60, LOC: -60, ORG: 0, MISC: 0 }
    const pictures = (await render(400, 9000)).map(({ pixels, pictureClass }) => ({
      pictureClass,
      pixels: pixels.map((value, i) =>
        i % 3 === 0 ? Math.min(255, Math.max(0, value + tint[pictureClass])) : value,
      ),
    }))
    const { accuracy } = meanColourProbe({ train: pictures.slice(0, 200), test: pictures.slice(200) })
    expect(accuracy).toBeGreaterThan(0.42)
    expect(() => meanColourProbe({ train: [], test: pictures })).toThrow(/^train must hold/)
  })
})

import { assertSizes, InvalidArgumentError, randomWords } from '@mafjs/tensor'
import sharp from 'sharp'
import { createDraws, type Draws } from '../draws'
import { type DemoType, demoTypes } from '../entity-types'
import { createPalette, type Palette } from './palette'
import { scenes } from './scenes'
import { canvas, circle, rectangle } from './shapes'

/** Which picture: the same options give the same picture. */
export interface PictureOptions {
  /** What is to be seen: PER people, LOC places, ORG signs and logos, MISC animals and objects. */
  pictureClass: DemoType
  /** Chooses scene, colours, place, size, background and noise. */
  seed: number
  /** Width and height in pixels. @default 56 */
  size?: number | undefined
}

const site = 'demo/picture'

function drawsOf({ pictureClass, seed }: PictureOptions): Draws {
  if (!demoTypes.includes(pictureClass)) {
    throw new InvalidArgumentError({
      argument: 'pictureClass',
      rule: `must be one of ${demoTypes.join(', ')}`,
      received: pictureClass,
    })
  }
  return createDraws({ seed, site: `${site}/${pictureClass}` })
}

const drawScene = (draws: Draws, pictureClass: DemoType) => draws.pick(Object.keys(scenes[pictureClass]))

/** The name of the scene that a picture shows, such as `cat` or `skyline`. */
export function pictureScene(options: PictureOptions): string {
  return drawScene(drawsOf(options), options.pictureClass)
}

/** Backgrounds are the same for all classes: plain, a gradient, or a few soft spots. */
function background(draws: Draws, palette: Palette): string {
  const kind = draws.below(3)
  const plain = rectangle([0, 0], canvas, canvas, palette.ground())
  if (kind === 0) return plain
  if (kind === 1) {
    const stops = [0, 1].map(at => `<stop offset="${at}" stop-color="${palette.ground()}"/>`).join('')
    const turn = `gradientTransform="rotate(${draws.between(0, 90).toFixed(1)})"`
    return `<linearGradient id="g" ${turn}>${stops}</linearGradient>${rectangle([0, 0], canvas, canvas, 'url(#g)')}`
  }
  const spots = Array.from({ length: 4 }, () =>
    circle([draws.between(0, canvas), draws.between(0, canvas)], draws.between(4, 12), palette.ground()),
  )
  return plain + spots.join('')
}

/** The picture as SVG, without its noise. */
function pictureSvg(options: PictureOptions, hasBackground = true): string {
  const { pictureClass, size = canvas } = options
  const draws = drawsOf(options)
  const scene = scenes[pictureClass][drawScene(draws, pictureClass)]!
  const palette = createPalette(draws)
  // Drawn either way: what comes after it depends on what was drawn before.
  const behind = background(draws, palette)
  const inside = (hasBackground ? behind : '') + scene(draws, palette)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${canvas} ${canvas}">${inside}</svg>`
}

/** Adds noise of one strength to every channel, four bytes of noise from each random word. */
function addNoise(pixels: Uint8Array, { pictureClass, seed }: PictureOptions): Uint8Array {
  const key = { seed, site: `${site}/noise/${pictureClass}` }
  const strength = createDraws({ ...key, site: `${key.site}/strength` }).between(0, 16)
  const words = randomWords(Math.ceil(pixels.length / 4), key)
  const noisy = new Uint8ClampedArray(pixels.length)
  for (let i = 0; i < pixels.length; i++) {
    const noise = ((words[i >> 2]! >>> (8 * (i & 3))) & 255) / 127.5 - 1
    noisy[i] = pixels[i]! + strength * noise
  }
  return new Uint8Array(noisy.buffer)
}

/**
 * Renders a picture: a pure function of its options.
 *
 * @returns RGB bytes, `[size, size, 3]` in rows.
 * @throws InvalidArgumentError for an unknown class or a size that is not a positive integer.
 */
export async function renderPicture(options: PictureOptions): Promise<Uint8Array> {
  const { size = canvas } = options
  assertSizes({ size })
  const pixels = await sharp(Buffer.from(pictureSvg(options)))
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer()
  return addNoise(pixels, options)
}

/**
 * Where the object of a picture lies: all that is drawn on its background.
 *
 * @returns `[size, size]` in rows: of each pixel how much of it the object covers, from 0 to 1
 * @throws InvalidArgumentError for an unknown class or a size that is not a positive integer.
 */
export async function pictureObject(options: PictureOptions): Promise<Float32Array> {
  const { size = canvas } = options
  assertSizes({ size })
  const alpha = await sharp(Buffer.from(pictureSvg(options, false)))
    .ensureAlpha()
    .extractChannel('alpha')
    .raw()
    .toBuffer()
  return Float32Array.from(alpha, value => value / 255)
}

/** Packs RGB bytes `[size, size, 3]` as a PNG file. */
export async function encodePng(pixels: Uint8Array, size: number): Promise<Uint8Array> {
  return new Uint8Array(
    await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toBuffer(),
  )
}

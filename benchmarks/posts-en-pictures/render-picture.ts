import { randomWords } from '@mafjs/tensor'
import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import type { Draws } from './draws'
import type { SourcePicture } from './find-pictures'

/** How a picture is made. */
export interface RenderOptions {
  draws: Draws
  /** What stands in it: one, or several things of a kind. */
  objects: readonly SourcePicture[]
  /** What stands behind it, out of focus. @default sky and ground, or a wall, with spots of colour */
  backdrop?: SourcePicture | undefined
  /** Whether it may be seen from behind: nothing with writing. @default true */
  canMirror?: boolean | undefined
  /** Sides of the objects as shares of the picture's shorter side. */
  size: readonly [low: number, high: number]
  /** Of the noise, which is drawn by itself. */
  noiseKey: { seed: number; step: number }
}

/** Between two steps: nothing is lost, and no time on compression. */
const lossless = { compressionLevel: 0 }

const clear = { r: 0, g: 0, b: 0, alpha: 0 }

/** A picture of a package as an image of about this many pixels a side. */
function open({ file, svg }: SourcePicture, side: number): Sharp {
  const input = svg === undefined ? file! : Buffer.from(svg)
  return sharp(input).resize(side, side, { fit: 'inside' }).ensureAlpha()
}

const hsl = (draws: Draws, lightness: readonly [number, number]): string =>
  `hsl(${draws.below(360)}, ${draws.below(70)}%, ${Math.round(draws.number(...lightness))}%)`

/** Sky and ground or a wall, with spots of colour before it, as SVG. */
function background(draws: Draws, width: number, height: number): string {
  const isOutdoors = draws.chance(0.5)
  const sky = isOutdoors
    ? `hsl(${Math.round(draws.number(190, 240))}, ${draws.below(70)}%, ${Math.round(draws.number(35, 90))}%)`
    : hsl(draws, [10, 95])
  const ground = isOutdoors
    ? `hsl(${Math.round(draws.number(20, 140))}, ${draws.below(60)}%, ${Math.round(draws.number(15, 65))}%)`
    : hsl(draws, [10, 90])
  const horizon = draws.number(0.3, 0.85)
  const isSharp = draws.chance(0.6)
  const spots = Array.from({ length: draws.below(9) }, () => {
    const [x, y] = [draws.number(0, width), draws.number(0, height)]
    const [rx, ry] = [draws.number(4, width / 4), draws.number(4, height / 4)]
    const fill = `fill="${hsl(draws, [10, 90])}" opacity="${draws.number(0.1, 0.9).toFixed(2)}"`
    return draws.chance(0.5)
      ? `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" ${fill}/>`
      : `<rect x="${x - rx}" y="${y - ry}" width="${2 * rx}" height="${2 * ry}" ${fill}/>`
  })
  const second = isSharp ? horizon + 0.01 : Math.min(1, horizon + 0.3)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="g" x1="0" y1="0" x2="${isSharp ? 0 : draws.number(0, 0.7).toFixed(2)}" y2="1"><stop offset="${horizon}" stop-color="${sky}"/><stop offset="${second}" stop-color="${ground}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>${spots.join('')}</svg>`
}

/** Grain as a camera has it: grey, half as fine as the picture. */
function grain(width: number, height: number, key: RenderOptions['noiseKey'], strength: number) {
  const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) }
  const words = randomWords(Math.ceil((size.width * size.height) / 4), {
    ...key,
    site: 'posts-en-pictures.grain',
  })
  const bytes = new Uint8Array(words.buffer, words.byteOffset, size.width * size.height)
  const noise = Uint8Array.from(bytes, byte => 128 + strength * (byte / 128 - 1))
  return sharp(noise, { raw: { ...size, channels: 1 } })
    .resize(width, height, { kernel: 'cubic' })
    .toColourspace('srgb')
    .png(lossless)
    .toBuffer()
}

/**
 * Makes an ordinary JPEG of pictures with clear backgrounds, as a photograph might show such a thing: before a background, anywhere, in
 * any size, turned, cut by the border, with other light, out of focus, with grain, and compressed. The same draws give the same bytes.
 */
export async function renderPicture(options: RenderOptions): Promise<Buffer> {
  const { draws, objects, backdrop, size, noiseKey, canMirror = true } = options
  const aspect = draws.number(0.7, 1.45)
  const [width, height] = [Math.round(288 * Math.sqrt(aspect)), Math.round(288 / Math.sqrt(aspect))]
  const shorter = Math.min(width, height)
  // Objects may reach beyond the border, layers may not.
  const margin = Math.ceil(size[1] * shorter * 1.3)
  const [wide, high] = [width + 2 * margin, height + 2 * margin]
  const layers: OverlayOptions[] = [
    { input: Buffer.from(background(draws, width, height)), left: margin, top: margin },
  ]
  if (backdrop) {
    const scene = open(backdrop, 320).resize(width, height, { fit: 'cover' })
    const input = await scene.blur(draws.number(3, 12)).png(lossless).toBuffer()
    layers.push({ input, left: margin, top: margin })
  }
  for (const object of objects) {
    const side = Math.round((draws.number(...size) * shorter) / Math.sqrt(objects.length))
    const drawn = await open(object, side)
      .flop(canMirror && draws.chance(0.5))
      .png(lossless)
      .toBuffer()
    const turned = sharp(drawn).rotate(draws.number(-15, 15), { background: clear })
    const { data, info } = await turned.png(lossless).toBuffer({ resolveWithObject: true })
    const place = (length: number): number => margin + draws.number(0.25, 0.75) * length
    const left = Math.round(place(width) - info.width / 2)
    const top = Math.round(place(height) - info.height / 2)
    layers.push({ input: data, left, top })
  }
  const canvas = sharp({ create: { width: wide, height: high, channels: 4, background: '#777' } })
  const composed = await canvas.composite(layers).png(lossless).toBuffer()
  const cut = await sharp(composed)
    .extract({ left: margin, top: margin, width, height })
    .removeAlpha()
    .modulate({
      brightness: draws.number(0.55, 1.25),
      saturation: draws.number(0.3, 1.2),
      hue: Math.round(draws.number(-12, 12)),
    })
    .blur(draws.number(0.3, 1.6))
    .png(lossless)
    .toBuffer()
  const noise = await grain(width, height, noiseKey, draws.number(0, 24))
  return sharp(cut)
    .composite([{ input: noise, blend: 'soft-light' }])
    .jpeg({ quality: Math.round(draws.number(40, 92)) })
    .toBuffer()
}

/** The picture as its package has it, on white. */
export const renderPlain = (picture: SourcePicture): Promise<Buffer> =>
  open(picture, 256)
    .resize(256, 256, { fit: 'contain', background: '#fff' })
    .flatten({ background: '#fff' })
    .jpeg()
    .toBuffer()

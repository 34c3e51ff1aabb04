import type { Draws } from '../draws'
import type { Palette } from './palette'
import { circle, curve, ellipse, line, placed, polygon, ring } from './shapes'

/** A head of radius about 10 around the origin: hair, two eyes with brows, nose and mouth. */
function head(draws: Draws, palette: Palette): string {
  const skin = palette.figure()
  const hair = palette.ground()
  const ink = palette.ground()
  const eyeWhite = palette.figure()
  const height = draws.between(10.5, 13)
  const gap = draws.between(3.4, 4.4)
  const long = draws.chance(0.5)
  const smile = draws.between(-1, 3.5)
  const brow = draws.between(-1, 1)
  const glasses = draws.chance(0.3)
  const parts = [
    long ? ellipse([0, 1], 12.5, height + 3, hair) : ellipse([0, -4], 11.5, height - 1.5, hair),
    ellipse([0, 1], 9.6, height, skin),
    polygon([-9.5, -3, -8, -9.5, 0, -12.5, 8, -9.5, 9.5, -3, 4, -6.5, -3, -5.5], hair),
  ]
  for (const x of [-6, -3, 0, 3, 6]) parts.push(curve([x, -6.5], [x * 1.2, -9], [x * 0.6, -12.5], skin, 0.7))
  for (const side of [-1, 1]) {
    const x = side * gap
    parts.push(
      ellipse([x, 0.5], 2.4, 1.7, eyeWhite),
      circle([x, 0.6], 1.5, ink),
      line([x - 2.2, -2.8 + side * brow, x + 2.2, -2.8 - side * brow], ink, 1.1),
    )
  }
  if (glasses) parts.push(ring([-gap, 0.6], 3.2, ink, 0.9), ring([gap, 0.6], 3.2, ink, 0.9))
  parts.push(
    curve([0, 1.5], [draws.pick([-2, 2]), 5], [0.4, 5], ink, 0.9),
    curve([-3.8, 7.6], [0, 7.6 + smile], [3.8, 7.6], ink, 1.5),
  )
  return parts.join('')
}

/** Shoulders under a head at the origin: a collar and a striped shirt. */
function shoulders(draws: Draws, palette: Palette): string {
  const shirt = palette.figure()
  const collar = palette.ground()
  const stripe = palette.ground()
  const gap = draws.between(4, 5.5)
  const stripes: string[] = []
  for (let y = 20; y < 40; y += gap) stripes.push(curve([-19, y + 3], [0, y - 2], [19, y + 3], stripe, 1.6))
  return [
    polygon([-21, 40, -19, 21, -7, 15, 7, 15, 19, 21, 21, 40], shirt),
    ...stripes,
    polygon([-5, 14, 5, 14, 0, 23], collar),
  ].join('')
}

/** One big face. */
export function portrait(draws: Draws, palette: Palette): string {
  const face = shoulders(draws, palette) + head(draws, palette)
  return placed(
    face,
    [draws.between(22, 34), draws.between(18, 26)],
    draws.between(1.15, 1.4),
    draws.between(-12, 12),
  )
}

/** Head and shoulders. */
export function bust(draws: Draws, palette: Palette): string {
  const body = shoulders(draws, palette) + head(draws, palette)
  return placed(
    body,
    [draws.between(19, 37), draws.between(18, 25)],
    draws.between(0.95, 1.2),
    draws.between(-8, 8),
  )
}

/** Two people side by side. */
export function pair(draws: Draws, palette: Palette): string {
  const one = (x: number) => {
    const body = shoulders(draws, palette) + head(draws, palette)
    return placed(body, [x, draws.between(19, 30)], draws.between(0.8, 1), draws.between(-10, 10))
  }
  return one(draws.between(11, 17)) + one(draws.between(38, 45))
}

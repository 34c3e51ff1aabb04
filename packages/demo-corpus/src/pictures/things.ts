import type { Draws } from '../draws'
import type { Palette } from './palette'
import { circle, curve, ellipse, line, type Point, placed, polygon, rectangle } from './shapes'

/** Fur, feathers or a pattern: short slanted strokes inside an ellipse around `at`. */
function strokes(draws: Draws, [x, y]: Point, radiusX: number, radiusY: number, ink: string): string {
  const slant = draws.between(-2.2, 2.2)
  const parts: string[] = []
  let row = 0
  for (let dy = -radiusY + 1.6; dy < radiusY - 1; dy += 3, row++) {
    const reach = radiusX * Math.sqrt(1 - (dy / radiusY) ** 2) - 1
    for (let dx = -reach + (row % 2) * 1.5; dx < reach; dx += 3) {
      parts.push(line([x + dx, y + dy, x + dx + slant * 0.7, y + dy + 1.8], ink, 0.9))
    }
  }
  return parts.join('')
}

/** A cat's or dog's head and body. */
function beast(draws: Draws, palette: Palette, ears: (fur: string, ink: string) => string): string {
  const fur = palette.figure()
  const ink = palette.ground()
  const side = draws.pick([-1, 1])
  const parts = [
    curve([side * 12, 24], [side * 26, 20], [side * 21, 4], fur, 4),
    ellipse([side * 3, 20], 15, 13, fur),
    strokes(draws, [side * 3, 20], 15, 13, ink),
    ears(fur, ink),
    ellipse([0, 0], 11, 9.5, fur),
    strokes(draws, [0, -5], 9, 5, ink),
    strokes(draws, [0, 6], 7, 3, ink),
    circle([-4.2, -0.5], 1.6, ink),
    circle([4.2, -0.5], 1.6, ink),
    polygon([-1.8, 3, 1.8, 3, 0, 5], ink),
  ]
  for (const way of [-1, 1]) {
    for (const lift of [-1.5, 0.5, 2.5]) {
      parts.push(line([way * 3, 4.5, way * 14, 4 + lift * 1.6], ink, 0.8))
    }
  }
  const at: Point = [draws.between(22, 34), draws.between(17, 24)]
  return placed(parts.join(''), at, draws.between(0.95, 1.25), draws.between(-10, 10))
}

/** A sitting cat with pointed ears. */
export function cat(draws: Draws, palette: Palette): string {
  return beast(draws, palette, (fur, ink) =>
    [-1, 1]
      .map(
        side =>
          polygon([side * 10.5, -2, side * 10, -15, side * 2.5, -7], fur) +
          polygon([side * 9, -5, side * 9, -12, side * 5, -8], ink),
      )
      .join(''),
  )
}

/** A sitting dog with hanging ears. */
export function dog(draws: Draws, palette: Palette): string {
  return beast(draws, palette, (fur, ink) =>
    [-1, 1].map(side => ellipse([side * 11.5, 2], 4, 9, fur) + ellipse([side * 11.8, 3], 2, 6, ink)).join(''),
  )
}

/** A bird with a beak and a wing. */
export function bird(draws: Draws, palette: Palette): string {
  const feathers = palette.figure()
  const ink = palette.ground()
  const parts = [
    polygon([10, 2, 25, -5, 24, 6], feathers),
    ellipse([0, 2], 15, 11, feathers),
    circle([-12, -9], 7.5, feathers),
    strokes(draws, [2, 2], 14, 10, ink),
    polygon([-18, -10, -26, -7, -18, -6], feathers),
    circle([-14, -10], 1.6, ink),
    line([-3, 12, -4, 20, -8, 20], feathers, 1.4),
    line([4, 12, 4, 20, 0, 20], feathers, 1.4),
  ]
  const turn = draws.pick([-1, 1])
  const turned = `<g transform="scale(${turn} 1)">${parts.join('')}</g>`
  return placed(
    turned,
    [draws.between(24, 32), draws.between(23, 32)],
    draws.between(0.9, 1.2),
    draws.between(-12, 12),
  )
}

/** A fish with scales. */
export function fish(draws: Draws, palette: Palette): string {
  const scales = palette.figure()
  const ink = palette.ground()
  const parts = [
    polygon([13, 0, 25, -11, 25, 11], scales),
    ellipse([0, 0], 19, 11.5, scales),
    strokes(draws, [3, 0], 15, 10.5, ink),
    circle([-13, -2], 1.9, ink),
    curve([-17, 4], [-14, 5], [-12, 3], ink, 1),
  ]
  const turned = `<g transform="scale(${draws.pick([-1, 1])} 1)">${parts.join('')}</g>`
  return placed(
    turned,
    [draws.between(24, 32), draws.between(22, 34)],
    draws.between(0.85, 1.15),
    draws.between(-14, 14),
  )
}

/** A mug with a pattern and steam. */
export function mug(draws: Draws, palette: Palette): string {
  const clay = palette.figure()
  const ink = palette.ground()
  const side = draws.pick([-1, 1])
  const parts = [
    curve([side * 12, -6], [side * 26, 2], [side * 12, 12], clay, 3.4),
    rectangle([-13, -12], 26, 30, clay, 4),
    strokes(draws, [0, 3], 16, 17, ink),
    ellipse([0, -12], 13, 3, ink),
    curve([-4, -17], [-8, -21], [-4, -25], clay, 1.6),
    curve([4, -17], [0, -21], [4, -25], clay, 1.6),
  ]
  return placed(
    parts.join(''),
    [draws.between(23, 33), draws.between(26, 32)],
    draws.between(0.9, 1.15),
    draws.between(-10, 10),
  )
}

/** A ball with a pattern. */
export function ball(draws: Draws, palette: Palette): string {
  const leather = palette.figure()
  const ink = palette.ground()
  const radius = draws.between(14, 21)
  const parts = [
    circle([0, 0], radius, leather),
    strokes(draws, [0, 0], radius, radius, ink),
    curve([-radius, 0], [0, draws.between(-14, 14)], [radius, 0], ink, 1.6),
  ]
  return placed(parts.join(''), [draws.between(22, 34), draws.between(22, 34)], 1, draws.between(-60, 60))
}

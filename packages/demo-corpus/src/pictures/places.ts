import type { Draws } from '../draws'
import type { Palette } from './palette'
import { canvas, circle, line, type Point, polygon, rectangle } from './shapes'

/** Rows of windows on a wall. */
function windows(draws: Draws, [x, y]: Point, width: number, height: number, glass: string): string {
  const stepX = draws.between(3.4, 4.6)
  const stepY = draws.between(3.4, 5)
  const parts: string[] = []
  for (let top = y + 1.4; top + stepY * 0.5 < y + height; top += stepY) {
    for (let left = x + 1.2; left + stepX * 0.55 < x + width; left += stepX) {
      parts.push(rectangle([left, top], stepX * 0.5, stepY * 0.5, glass))
    }
  }
  return parts.join('')
}

/** Towers full of windows. */
export function skyline(draws: Draws, palette: Palette): string {
  const parts: string[] = []
  for (let x = draws.between(-8, 0); x < canvas; ) {
    const width = draws.between(9, 17)
    const top = draws.between(6, 32)
    parts.push(
      rectangle([x, top], width - 0.8, canvas - top, palette.figure()),
      windows(draws, [x, top], width - 0.8, canvas - top, palette.ground()),
    )
    x += width
  }
  return parts.join('')
}

/** A house with a roof, bricks, windows and a door. */
export function house(draws: Draws, palette: Palette): string {
  const width = draws.between(36, 46)
  const x = draws.between(2, canvas - width - 2)
  const top = draws.between(19, 25)
  const bottom = draws.between(48, 54)
  const wall = palette.figure()
  const dark = palette.ground()
  const roof = palette.figure()
  const parts = [
    rectangle([0, bottom - 2], canvas, canvas, palette.ground()),
    rectangle([x, top], width, bottom - top, wall),
    polygon([x - 4, top, x + width / 2, top - draws.between(12, 18), x + width + 4, top], roof),
  ]
  const course = draws.between(2.6, 3.6)
  for (let y = top - 2; y > top - 12; y -= course) {
    const half = (width / 2) * (1 - (top - y) / 15)
    parts.push(line([x + width / 2 - half, y, x + width / 2 + half, y], dark, 0.9))
  }
  parts.push(windows(draws, [x, top + 1], width, bottom - top, dark))
  const door = x + draws.between(4, width - 11)
  parts.push(rectangle([door - 1, bottom - 9], 7, 9, wall), rectangle([door, bottom - 8], 5, 8, dark))
  return parts.join('')
}

/** Mountains with snow over a lake. */
export function mountains(draws: Draws, palette: Palette): string {
  const parts = [circle([draws.between(8, 48), draws.between(6, 12)], draws.between(3, 5), palette.figure())]
  const shore = draws.between(36, 44)
  for (let layer = 0; layer < 3; layer++) {
    const peak = draws.between(6, 50)
    const top = draws.between(8, 20) + layer * 5
    const reach = draws.between(18, 30)
    const rock = palette.figure()
    const crack = palette.ground()
    parts.push(polygon([peak - reach, shore, peak, top, peak + reach, shore], rock))
    for (let y = top + 3.5; y < shore; y += 4) {
      const half = (reach * (y - top)) / (shore - top)
      const left = peak - half
      const wave: number[] = []
      for (let x = left; x <= peak + half; x += 3) wave.push(x, y + (wave.length % 4 ? 2 : 0))
      parts.push(line(wave, crack, 0.9))
    }
  }
  parts.push(rectangle([0, shore], canvas, canvas, palette.figure()))
  const wave = palette.ground()
  for (let y = shore + 2; y < canvas; y += draws.between(2.6, 3.4)) {
    const from = draws.between(-4, 16)
    parts.push(line([from, y, from + draws.between(24, 50), y], wave, 1.1))
  }
  return parts.join('')
}

/** A street between two rows of houses. */
export function street(draws: Draws, palette: Palette): string {
  const middle = draws.between(20, 36)
  const horizon = draws.between(22, 32)
  const parts: string[] = []
  for (const side of [-1, 1]) {
    const edge = side < 0 ? 0 : middle + 3
    const width = side < 0 ? middle - 3 : canvas - middle - 3
    const top = draws.between(2, 14)
    parts.push(
      rectangle([edge, top], width, canvas - top - 4, palette.figure()),
      windows(draws, [edge, top], width, canvas - top - 4, palette.ground()),
    )
  }
  const road = palette.figure()
  const mark = palette.ground()
  parts.push(
    polygon([middle - 3, horizon, middle + 3, horizon, middle + 17, canvas, middle - 17, canvas], road),
  )
  for (let y = horizon + 2; y < canvas; y += 7) parts.push(rectangle([middle - 0.8, y], 1.6, 4, mark))
  return parts.join('')
}

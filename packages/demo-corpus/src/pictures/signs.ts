import type { Draws } from '../draws'
import type { Palette } from './palette'
import { circle, frame, line, path, placed, polygon, rectangle, ring } from './shapes'

/** Letters as strokes on a grid 4 wide and 6 high, so that no font of the machine is needed. */
const letters = [
  'M4 0H0V6M0 3H3',
  'M0 0V6M4 0V6M0 3H4',
  'M0 0V6M4 0L0 3L4 6',
  'M0 0V6H4',
  'M0 6V0L2 3L4 0V6',
  'M0 6V0L4 6V0',
  'M0 0H4M2 0V6',
  'M4 1L3 0H1L0 1V5L1 6H3L4 5',
  'M0 6V0H3L4 1V2L3 3H0M2 3L4 6',
  'M0 0L2 6L4 0',
  'M0 0L2 3L4 0M2 3V6',
  'M0 0L4 6M4 0L0 6',
]

/** A word of bold letters, `high` units high, its middle at the origin. */
function word(draws: Draws, ink: string, count: number, high: number): string {
  const scale = high / 6
  const thick = draws.between(1.3, 1.8)
  const advance = 6.2
  const parts: string[] = []
  let index = draws.below(letters.length)
  for (let i = 0; i < count; i++) {
    // a step of 1 .. length - 1: no letter stands beside itself
    index = (index + 1 + draws.below(letters.length - 1)) % letters.length
    parts.push(placed(path(letters[index]!, ink, thick), [(i - (count - 1) / 2) * advance - 2, -3]))
  }
  return `<g transform="scale(${scale.toFixed(2)})">${parts.join('')}</g>`
}

/** Two rows of letters in a ring. */
export function badge(draws: Draws, palette: Palette): string {
  const radius = draws.between(19, 24)
  const ink = palette.ground()
  const parts = [
    circle([0, 0], radius, palette.figure()),
    ring([0, 0], radius - 2.6, ink, draws.between(1.4, 2.2)),
    placed(word(draws, ink, 3, radius * 0.5), [0, -radius * 0.36]),
    placed(word(draws, ink, 3, radius * 0.5), [0, radius * 0.4]),
  ]
  return placed(parts.join(''), [draws.between(22, 34), draws.between(22, 34)], 1, draws.between(-12, 12))
}

/** A plate with rows of letters. */
export function plate(draws: Draws, palette: Palette): string {
  const rows = draws.pick([2, 3])
  const high = draws.between(8, 10)
  const count = draws.pick([3, 4])
  const width = Math.min(52, count * high * 1.05 + 8)
  const height = rows * high * 1.45 + 6
  const ink = palette.ground()
  const corner = draws.between(0, 5)
  const parts = [
    rectangle([-width / 2, -height / 2], width, height, palette.figure(), corner),
    frame([-width / 2 + 1.8, -height / 2 + 1.8], width - 3.6, height - 3.6, ink, 1.4, corner),
  ]
  for (let row = 0; row < rows; row++) {
    parts.push(placed(word(draws, ink, count, high), [0, (row - (rows - 1) / 2) * high * 1.45]))
  }
  return placed(parts.join(''), [draws.between(25, 31), draws.between(20, 36)], 1, draws.between(-12, 12))
}

/** A mark of chevrons or bars over a line of letters. */
export function mark(draws: Draws, palette: Palette): string {
  const paper = palette.figure()
  const ink = palette.ground()
  const parts = [rectangle([-24, -22], 48, 44, paper, draws.between(0, 10))]
  const chevrons = draws.chance(0.5)
  for (let i = -1; i <= 1; i++) {
    if (chevrons) parts.push(line([-12, i * 6 - 4, 0, i * 6 - 11, 12, i * 6 - 4], ink, 3))
    else parts.push(polygon([i * 10 - 6, -2, i * 10 - 1, -17, i * 10 + 4, -17, i * 10 - 1, -2], ink))
  }
  parts.push(placed(word(draws, ink, 4, 9), [0, 11]))
  return placed(
    parts.join(''),
    [draws.between(25, 31), draws.between(25, 31)],
    draws.between(0.85, 1.1),
    draws.between(-10, 10),
  )
}

/** A packed box with a label. */
export function box(draws: Draws, palette: Palette): string {
  const ink = palette.ground()
  const parts = [
    polygon([-20, -12, 14, -12, 20, -19, -14, -19], palette.figure()),
    polygon([14, -12, 20, -19, 20, 14, 14, 21], palette.figure()),
    rectangle([-20, -12], 34, 33, palette.figure()),
    frame([-17, -9], 28, 27, ink, 1.4),
    placed(word(draws, ink, 3, 9), [-3, -1.5]),
    placed(word(draws, ink, 3, 9), [-3, 11.5]),
  ]
  return placed(
    parts.join(''),
    [draws.between(24, 31), draws.between(24, 30)],
    draws.between(0.95, 1.2),
    draws.between(-8, 8),
  )
}

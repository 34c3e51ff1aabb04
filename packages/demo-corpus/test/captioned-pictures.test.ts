import { expect, test } from 'vitest'
import { drawCaptionedPictures } from '../src'

const COLOURS: Record<string, number[]> = {
  ...{ red: [0.9, 0.1, 0.1], green: [0.1, 0.7, 0.2], blue: [0.1, 0.2, 0.9] },
  ...{ yellow: [0.9, 0.9, 0.1], purple: [0.6, 0.1, 0.7], pink: [1, 0.5, 0.7] },
}
const wordOf = (caption: string, words: readonly string[]): string | undefined =>
  caption.split(' ').find(word => words.includes(word))

test('a picture shows what its caption says: colour, row, column, size and ground', () => {
  const drawn = drawCaptionedPictures(1296, 3)
  expect(new Set(drawn.map(({ pixels }) => pixels.join())).size).toBe(1296)
  const sizes: Record<string, number[]> = { small: [], large: [] }
  for (const { caption, pixels } of drawn) {
    const ground = { white: 0.95, grey: 0.5, black: 0.05 }[wordOf(caption, ['white', 'grey', 'black']) ?? '']
    if (ground !== undefined) expect(Math.abs(pixels[0]! - ground)).toBeLessThan(0.11)
    const colour = COLOURS[wordOf(caption, Object.keys(COLOURS))!]!
    const inside = Array.from({ length: 256 }, (_, i) => i).filter(i =>
      colour.every((value, channel) => Math.abs(pixels[3 * i + channel]! - value) < 0.11),
    )
    expect(inside.length).toBeGreaterThan(3)
    const middle = (of: (i: number) => number) =>
      inside.reduce((sum, i) => sum + of(i), 0) / inside.length / 16
    const [x, y] = [middle(i => (i % 16) + 0.5), middle(i => Math.floor(i / 16) + 0.5)]
    const row = wordOf(caption, ['top', 'middle', 'bottom'])!
    expect(Math.abs(y - { top: 0.25, middle: 0.5, bottom: 0.75 }[row]!)).toBeLessThan(0.1)
    const column = wordOf(caption, ['left', 'centre', 'right'])
    if (column) expect(Math.abs(x - { left: 0.25, centre: 0.5, right: 0.75 }[column]!)).toBeLessThan(0.1)
    if (caption.includes('disc')) sizes[wordOf(caption, ['small', 'large']) ?? '']?.push(inside.length)
  }
  expect(Math.max(...sizes['small']!)).toBeLessThan(Math.min(...sizes['large']!))
  // Drawn anew they are the same; the first are the first of more.
  expect(drawCaptionedPictures(2, 3)).toEqual(drawn.slice(0, 2))
})

test('there are no more pictures than scenes', () => {
  expect(() => drawCaptionedPictures(1297)).toThrow(/count must be a whole number, at most 1296/)
})

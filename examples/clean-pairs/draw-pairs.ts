import { InvalidArgumentError, permutation, uniform } from '@mafjs/tensor'
import { stack } from './features'
import type { EncodedPairs } from './pairs'

/** Red, green and blue from 0 to 1. */
const COLOURS = {
  red: [0.9, 0.1, 0.1],
  green: [0.1, 0.7, 0.2],
  blue: [0.1, 0.2, 0.9],
  yellow: [0.9, 0.9, 0.1],
  purple: [0.6, 0.1, 0.7],
  pink: [1, 0.5, 0.7],
} as const

/** Whether a point lies within the figure; x and y are from -1 to 1 around its middle. */
const SHAPES: Record<string, (x: number, y: number) => boolean> = {
  disc: (x, y) => x * x + y * y < 1,
  ring: (x, y) => x * x + y * y < 1 && x * x + y * y > 0.4,
  square: (x, y) => Math.abs(x) < 0.85 && Math.abs(y) < 0.85,
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1,
}

const ROWS = ['top', 'middle', 'bottom'] as const
const COLUMNS = ['left', 'centre', 'right'] as const
const SIZES = { small: 0.13, large: 0.2 } as const
const GROUNDS = { white: 0.95, grey: 0.5, black: 0.05 } as const

/** Side of a picture in pixels. */
export const SIDE = 16

/** What a caption says and its picture shows. */
interface Scene {
  colour: keyof typeof COLOURS
  shape: string
  row: (typeof ROWS)[number]
  column: (typeof COLUMNS)[number]
  size: keyof typeof SIZES
  ground: keyof typeof GROUNDS
}

/** Every scene there is. */
const SCENES: readonly Scene[] = Object.keys(COLOURS).flatMap(colour =>
  Object.keys(SHAPES).flatMap(shape =>
    ROWS.flatMap(row =>
      COLUMNS.flatMap(column =>
        Object.keys(SIZES).flatMap(size =>
          Object.keys(GROUNDS).map(ground => ({ colour, shape, row, column, size, ground }) as Scene),
        ),
      ),
    ),
  ),
)

/** Three ways to say the same; each leaves another thing out, as people do. */
const CAPTIONS: readonly ((scene: Scene) => string)[] = [
  ({ size, colour, shape, row, column }) => `a ${size} ${colour} ${shape} at the ${row} ${column}`,
  ({ colour, shape, row, column, ground }) =>
    `${row} ${column} on ${ground} ground there is a ${colour} ${shape}`,
  ({ size, colour, shape, row, ground }) =>
    `look a ${colour} ${shape} rather ${size} ${row} of the ${ground} page`,
]

/** `[SIDE, SIDE, 3]`: the figure a little off its place, with noise. `draws` are uniform in [0, 1). */
function drawPicture({ colour, shape, row, column, size, ground }: Scene, draws: Float32Array): Float32Array {
  const place = (index: number, shift: number): number => 0.25 + 0.25 * index + 0.06 * (shift - 0.5)
  const [x, y] = [place(COLUMNS.indexOf(column), draws[0]!), place(ROWS.indexOf(row), draws[1]!)]
  const pixels = new Float32Array(SIDE * SIDE * 3)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const dx = (((i % SIDE) + 0.5) / SIDE - x) / SIZES[size]
    const dy = ((Math.floor(i / SIDE) + 0.5) / SIDE - y) / SIZES[size]
    for (let channel = 0; channel < 3; channel++) {
      const value = SHAPES[shape]!(dx, dy) ? COLOURS[colour][channel]! : GROUNDS[ground]
      pixels[3 * i + channel] = value + 0.2 * (draws[2 + 3 * i + channel]! - 0.5)
    }
  }
  return pixels
}

/** How often each word of a vocabulary occurs. */
function countWords(text: string, vocabulary: readonly string[]): Float32Array {
  const words = text.split(' ')
  return Float32Array.from(vocabulary, word => words.filter(one => one === word).length)
}

/**
 * Draws pairs, each of another scene: the text's vector counts its words, the picture's are its pixels, and its name says
 * what it shows.
 *
 * @throws InvalidArgumentError for more pairs than there are scenes.
 */
export function drawPairs(pairs: number, seed: number): EncodedPairs {
  if (pairs > SCENES.length) {
    throw new InvalidArgumentError({
      argument: 'pairs',
      rule: `must be at most ${SCENES.length}: each shows another scene`,
      received: pairs,
    })
  }
  const scenes = permutation(SCENES.length, { seed, site: 'scenes' })
    .slice(0, pairs)
    .map(index => SCENES[index]!)
  const wordings = uniform(scenes.length, { seed, site: 'captions' })
  const captions = scenes.map((scene, i) => CAPTIONS[Math.floor(wordings[i]! * CAPTIONS.length)]!(scene))
  const vocabulary = [...new Set(captions.flatMap(caption => caption.split(' ')))].sort()
  const pictures = scenes.map((scene, i) =>
    drawPicture(scene, uniform(2 + SIDE * SIDE * 3, { seed, step: i, site: 'picture' })),
  )
  return {
    records: scenes.map((scene, i) => ({
      id: i,
      text: captions[i]!,
      image: `${Object.values(scene).join('-')}.png`,
    })),
    text: stack(captions.map(caption => countWords(caption, vocabulary))),
    image: stack(pictures),
    // No scene twice: every pair is its own group, whatever picture it was given.
    groups: pictures => pictures.map((_, i) => i),
  }
}

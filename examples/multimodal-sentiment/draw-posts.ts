import { uniform } from '@mafjs/tensor'

/** The labels of posts, in the order of their indices. */
export const CLASSES = ['negative', 'neutral', 'positive'] as const

/** What decides the label of a post. */
export type PostKind = 'text decides' | 'picture decides' | 'picture misleads'

/** A post with a drawn picture. */
export interface DrawnPost {
  text: string
  /** `[SIDE, SIDE, 3]` */
  pixels: Float32Array
  /** Index into `CLASSES`. */
  label: number
  kind: PostKind
}

/** Side of a picture in pixels. */
export const SIDE = 16

/** Red, green and blue from 0 to 1. */
const COLOURS: Record<string, readonly number[]> = {
  red: [0.9, 0.1, 0.1],
  green: [0.1, 0.7, 0.2],
  blue: [0.1, 0.2, 0.9],
  purple: [0.6, 0.1, 0.7],
}

/** Whether a point lies within the figure; x and y are from -1 to 1 around its middle. */
const SHAPES: Record<string, (x: number, y: number) => boolean> = {
  disc: (x, y) => x * x + y * y < 1,
  square: (x, y) => Math.abs(x) < 0.85 && Math.abs(y) < 0.85,
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1,
}

/** The ground of a picture by the label it stands for: dark, grey, sunny. */
const GROUNDS: readonly (readonly number[])[] = [
  [0.05, 0.05, 0.1],
  [0.5, 0.5, 0.5],
  [1, 0.95, 0.6],
]

/** Words by the label they stand for. */
const WORDS: readonly (readonly string[])[] = [
  ['awful', 'sad', 'terrible', 'ugly', 'bad'],
  [],
  ['lovely', 'great', 'happy', 'sweet', 'wonderful'],
]

const WITH_WORD = [
  (figure: string, word: string) => `what a ${word} ${figure} this is`,
  (figure: string, word: string) => `${word} day with my ${figure}`,
  (figure: string, word: string) => `i find the ${figure} ${word}`,
]
const WITHOUT_WORD = [
  (figure: string) => `this is my ${figure}`,
  (figure: string) => `here i am with the ${figure} again`,
  (figure: string) => `a ${figure} for the day`,
]

/**
 * Draws posts of three kinds, as many of each: in one a word says what is felt, and the picture shows the named figure on
 * grey; in one no word does, and the figure stands on dark, grey or sunny ground; in one the picture shows another figure
 * than is named, on dark or sunny ground that means nothing: a word says the contrary, or without a word it is neutral.
 */
export const drawPosts = (posts: number, seed: number): DrawnPost[] =>
  Array.from({ length: posts }, (_, i) =>
    drawPost(i, uniform(12 + SIDE * SIDE * 3, { seed, step: i, site: 'post' })),
  )

function drawPost(i: number, draws: Float32Array): DrawnPost {
  const choose = <T>(from: readonly T[], draw: number): T => from[Math.floor(draws[draw]! * from.length)]!
  const [colours, shapes] = [Object.keys(COLOURS), Object.keys(SHAPES)]
  const [colour, shape] = [choose(colours, 0), choose(shapes, 1)]
  const figure = `${colour} ${shape}`
  const feeling = draws[2]! < 0.5 ? 0 : 2
  const withWord = choose(WITH_WORD, 3)(figure, choose(WORDS[feeling]!, 4))
  const withoutWord = choose(WITHOUT_WORD, 3)(figure)
  const noise = draws.subarray(9)
  const draw = (colour: string, shape: string, ground: number): Float32Array =>
    drawPicture(colour, shape, GROUNDS[ground]!, noise)
  switch (i % 3) {
    case 0:
      return { text: withWord, pixels: draw(colour, shape, 1), label: feeling, kind: 'text decides' }
    case 1: {
      const ground = Math.floor(draws[5]! * 3)
      return {
        text: withoutWord,
        pixels: draw(colour, shape, ground),
        label: ground,
        kind: 'picture decides',
      }
    }
    default: {
      const others = <T>(all: readonly T[], own: T): T[] => all.filter(one => one !== own)
      const [otherColour, otherShape] = [choose(others(colours, colour), 6), choose(others(shapes, shape), 7)]
      const hasWord = draws[8]! < 0.5
      return {
        text: hasWord ? withWord : withoutWord,
        pixels: draw(otherColour, otherShape, 2 - feeling),
        label: hasWord ? feeling : 1,
        kind: 'picture misleads',
      }
    }
  }
}

/** `[SIDE, SIDE, 3]`: a figure somewhere near the middle, with noise. */
function drawPicture(
  colour: string,
  shape: string,
  ground: readonly number[],
  draws: Float32Array,
): Float32Array {
  const [x, y] = [0.4 + 0.2 * draws[0]!, 0.4 + 0.2 * draws[1]!]
  const size = 0.25 + 0.1 * draws[2]!
  const pixels = new Float32Array(SIDE * SIDE * 3)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const dx = (((i % SIDE) + 0.5) / SIDE - x) / size
    const dy = ((Math.floor(i / SIDE) + 0.5) / SIDE - y) / size
    for (let channel = 0; channel < 3; channel++) {
      const value = SHAPES[shape]!(dx, dy) ? COLOURS[colour]![channel]! : ground[channel]!
      pixels[3 * i + channel] = value + 0.2 * (draws[3 + 3 * i + channel]! - 0.5)
    }
  }
  return pixels
}

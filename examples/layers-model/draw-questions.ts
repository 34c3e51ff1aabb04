import { normal, permutation, uniform } from '@mafjs/tensor'

/** Figures that a picture may show. */
export const SHAPES = ['disc', 'ring', 'square', 'cross', 'star', 'arrow'] as const

/** Their colours as red, green and blue; an answer is a place in this list. */
export const COLOURS = {
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
  yellow: [1, 1, 0],
  purple: [1, 0, 1],
  white: [1, 1, 1],
} as const

/** Red, green and blue of every colour. */
const RGB: readonly (readonly number[])[] = Object.values(COLOURS)

/** Places of the longest question. */
export const MOST_TOKENS = 8

/** Figures in the fullest picture; the emptiest has two. */
export const MOST_REGIONS = 5

/** Numbers for each region: how like every shape it is, and its colour. */
export const CHANNELS = SHAPES.length + 3

/** How far region features are from what they stand for, as a deviation. */
const NOISE = 0.25

const QUESTIONS: readonly ((shape: string) => string)[] = [
  shape => `what colour is the ${shape}`,
  shape => `which colour has the ${shape} there`,
  shape => `the ${shape} is of what colour please`,
]

/** Every word of every question, from id 1 on; 0 pads. */
const WORDS = [...new Set(SHAPES.flatMap(shape => QUESTIONS.flatMap(ask => ask(shape).split(' '))))].sort()

/** Ids there are. */
export const VOCABULARY_SIZE = WORDS.length + 1

/** A question about a picture, with its answer. */
export interface Question {
  text: string
  /** `[regions, CHANNELS]`, row by row: one figure each, no two of one shape. */
  regions: Float32Array
  /** Place in {@link COLOURS} of the figure that is asked for. */
  answer: number
}

/** The ids of a question's words. */
export const idsOf = ({ text }: Question): number[] => text.split(' ').map(word => WORDS.indexOf(word) + 1)

/** Draws questions, each by a stream of its own: the first ones stay the same when more are drawn. */
export function drawQuestions(count: number, seed: number): Question[] {
  return Array.from({ length: count }, (_, step) => {
    const draws = uniform(3 + MOST_REGIONS, { seed, step, site: 'question' })
    const upTo = (draw: number, size: number): number => Math.floor(draws[draw]! * size)
    const shown = permutation(SHAPES.length, { seed, step, site: 'shapes' }).slice(
      0,
      2 + upTo(0, MOST_REGIONS - 1),
    )
    const figures = shown.map((shape, i) => ({ shape, colour: upTo(3 + i, RGB.length) }))
    const asked = figures[upTo(1, figures.length)]!
    const regions = normal(figures.length * CHANNELS, { seed, step, site: 'noise' }).map(
      value => NOISE * value,
    )
    for (const [i, { shape, colour }] of figures.entries()) {
      regions[i * CHANNELS + shape]! += 1
      for (const [c, value] of RGB[colour]!.entries()) regions[i * CHANNELS + SHAPES.length + c]! += value
    }
    return {
      text: QUESTIONS[upTo(2, QUESTIONS.length)]!(SHAPES[asked.shape]!),
      regions,
      answer: asked.colour,
    }
  })
}

/** The best that can be had on average without knowing which figure is asked for: the most frequent colour shown. */
export function withoutBinding(questions: readonly Question[]): number {
  const nearest = (rgb: Float32Array): number => {
    const distances = RGB.map(colour => colour.reduce((sum, value, c) => sum + (value - rgb[c]!) ** 2, 0))
    return distances.indexOf(Math.min(...distances))
  }
  const right = questions.map(({ regions, answer }) => {
    const counts = RGB.map(() => 0)
    for (let at = SHAPES.length; at < regions.length; at += CHANNELS)
      counts[nearest(regions.subarray(at, at + 3))]!++
    const most = Math.max(...counts)
    return counts[answer] === most ? 1 / counts.filter(one => one === most).length : 0
  })
  return right.reduce((sum, one) => sum + one, 0) / right.length
}

import { maskFromLengths, normal, permutation, uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** Figures that a picture may show, and their colours as red, green and blue; an answer is a place in this list. */
export const SHAPES = ['disc', 'ring', 'square', 'cross', 'star', 'arrow']
export const COLOURS = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [1, 1, 1]] // biome-ignore format: a row
/** Words of the longest question; figures in the fullest picture, the emptiest has two; numbers for each: shape, then colour. */
export const [TOKENS, REGIONS, CHANNELS] = [8, 5, SHAPES.length + 3]
const ASKED = ['what colour is the _', 'which colour has the _ there', 'the _ is of what colour please']
/** Every word of every question, from id 1 on; 0 pads. */
export const WORDS = [...new Set([...SHAPES, ...ASKED.join(' ').split(/ (?:_ )?/)])].sort()

/** A question about a picture, the features of its figures, and the colour of the one that is asked for. */
export type Question = { text: string; regions: number[][]; answer: number }

/** Draws questions, each by a stream of its own: the first ones stay the same when more are drawn. */
export const drawQuestions = (count: number, seed: number): Question[] =>
  Array.from({ length: count }, (_, step) => {
    const draws = uniform(3 + REGIONS, { seed, step, site: 'question' })
    const upTo = (draw: number, size: number): number => Math.floor(draws[draw]! * size)
    const order = permutation(SHAPES.length, { seed, step, site: 'shapes' })
    const shapes = order.slice(0, 2 + upTo(0, REGIONS - 1))
    const colours = shapes.map((_, i) => upTo(3 + i, COLOURS.length))
    const noise = normal(shapes.length * CHANNELS, { seed, step, site: 'noise' })
    const regions = shapes.map((shape, i) => {
      const features = [...SHAPES.map((_, one) => Number(one === shape)), ...COLOURS[colours[i]!]!]
      return features.map((value, channel) => value + 0.25 * noise[i * CHANNELS + channel]!)
    })
    const asked = upTo(1, shapes.length)
    const text = ASKED[upTo(2, ASKED.length)]!.replace('_', SHAPES[shapes[asked]!]!)
    return { text, regions, answer: colours[asked]! }
  })

/** Questions as a model is fed, ids, regions and their masks, padded; and the right answers. */
export function batchQuestions(questions: readonly Question[]): [inputs: tf.Tensor[], answers: tf.Tensor1D] {
  const padded = <T>(rows: readonly T[][], length: number, padding: T): T[][] =>
    rows.map(row => Array.from({ length }, (_, i) => row[i] ?? padding))
  const words = questions.map(({ text }) => text.split(' ').map(word => WORDS.indexOf(word) + 1))
  const ids = tf.tensor2d(padded(words, TOKENS, 0), undefined, 'int32')
  const figures = questions.map(({ regions }) => regions)
  const regions = tf.tensor3d(padded(figures, REGIONS, Array<number>(CHANNELS).fill(0)))
  const regionMask = maskFromLengths(figures.map(one => one.length), REGIONS) // biome-ignore format: a line
  const inputs = [ids, tf.cast(tf.greater(ids, 0), 'float32'), regions, regionMask]
  return [inputs, tf.tensor1d(questions.map(({ answer }) => answer))]
}

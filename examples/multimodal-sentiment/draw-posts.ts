import { uniform } from '@mafjs/tensor'

/** The labels of posts, and what decides them. */
export const CLASSES = ['negative', 'neutral', 'positive']
export const KINDS = ['text decides', 'picture decides', 'picture misleads']
/** Side of a picture in pixels. */
export const SIDE = 16
/** A post with its picture, `[SIDE, SIDE, 3]`; null where it has none. */
export type Post = { words: string[]; picture: Float32Array | null; label: string; kind: string }

const COLOURS = {
  red: [0.9, 0.1, 0.1],
  green: [0.1, 0.7, 0.2],
  blue: [0.1, 0.2, 0.9],
  purple: [0.6, 0.1, 0.7],
}
/** Whether a point lies within a figure; x and y are from -1 to 1 around its middle. */
const SHAPES = {
  disc: (x: number, y: number) => x * x + y * y < 1,
  square: (x: number, y: number) => Math.max(Math.abs(x), Math.abs(y)) < 0.85,
  cross: (x: number, y: number) =>
    Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1,
}
type Figure = [colour: keyof typeof COLOURS, shape: keyof typeof SHAPES]
const FIGURES = Object.keys(COLOURS).flatMap(c => Object.keys(SHAPES).map(s => [c, s] as Figure))
/** Dark, grey and sunny, and words, by the label that they stand for. */
const GROUNDS = [[0.05, 0.05, 0.1], [0.5, 0.5, 0.5], [1, 0.95, 0.6]] // biome-ignore format: a row
const WORDS = ['awful sad terrible ugly bad', '', 'lovely great happy sweet wonderful'].map(s => s.split(' '))
const WITH_WORD = ['what a WORD FIGURE this is', 'WORD day with my FIGURE', 'i find the FIGURE WORD']
const WITHOUT_WORD = ['this is my FIGURE', 'here i am with the FIGURE again', 'a FIGURE for the day']

/** A figure near the middle of a ground, with noise. */
function drawPicture([colour, shape]: Figure, ground: readonly number[], draws: Float32Array): Float32Array {
  const [x, y, size] = [0.4 + 0.2 * draws[0]!, 0.4 + 0.2 * draws[1]!, 0.25 + 0.1 * draws[2]!]
  return Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    const dx = (((pixel % SIDE) + 0.5) / SIDE - x) / size
    const dy = ((Math.floor(pixel / SIDE) + 0.5) / SIDE - y) / size
    return (SHAPES[shape](dx, dy) ? COLOURS[colour] : ground)[i % 3]! + 0.2 * (draws[3 + i]! - 0.5)
  })
}

/** As many posts of each kind; which picture misleads can only be told by the figure, which is not the named one. */
export const drawPosts = (count: number, seed: number): Post[] =>
  Array.from({ length: count }, (_, step) => {
    const draws = uniform(12 + SIDE * SIDE * 3, { seed, step, site: 'post' })
    const pick = <T>(from: readonly T[], draw: number): T => from[Math.floor(draws[draw]! * from.length)]!
    const kind = step % 3
    const figure = pick(FIGURES, 0)
    const feeling = draws[2]! < 0.5 ? 0 : 2
    const hasWord = kind === 0 || (kind === 2 && draws[8]! < 0.5)
    const ground = kind === 0 ? 1 : kind === 1 ? Math.floor(draws[5]! * 3) : 2 - feeling
    const others = FIGURES.filter(([colour, shape]) => colour !== figure[0] && shape !== figure[1])
    const text = pick(hasWord ? WITH_WORD : WITHOUT_WORD, 3).replace('WORD', pick(WORDS[feeling]!, 4))
    return {
      words: text.replace('FIGURE', figure.join(' ')).split(' '),
      picture: drawPicture(kind === 2 ? pick(others, 6) : figure, GROUNDS[ground]!, draws.subarray(9)),
      label: CLASSES[kind === 1 ? ground : hasWord ? feeling : 1]!,
      kind: KINDS[kind]!,
    }
  })

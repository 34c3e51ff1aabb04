import { InvalidArgumentError, permutation, uniform } from '@mafjs/tensor'

/** A picture and what somebody says of it. */
export interface CaptionedPicture {
  caption: string
  /** Red, green and blue, about 0 to 1, `[16, 16, 3]` in rows. */
  pixels: Float32Array
}

const SIDE = 16
/** What a scene may be, each a number of its parts. */
const COLOURS = new Map<string, readonly number[]>(
  Object.entries({
    ...{ red: [0.9, 0.1, 0.1], green: [0.1, 0.7, 0.2], blue: [0.1, 0.2, 0.9] },
    ...{ yellow: [0.9, 0.9, 0.1], purple: [0.6, 0.1, 0.7], pink: [1, 0.5, 0.7] },
  }),
)
/** Whether a point lies within the figure; x and y are from -1 to 1 around its middle. */
const SHAPES = new Map<string, (x: number, y: number) => boolean>(
  Object.entries({
    disc: (x, y) => x * x + y * y < 1,
    ring: (x, y) => x * x + y * y < 1 && x * x + y * y > 0.4,
    square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.85,
    cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1,
  }),
)
const [ROWS, COLUMNS] = [['top', 'middle', 'bottom'], ['left', 'centre', 'right']] // biome-ignore format: a row
const SIZES = new Map<string, number>(Object.entries({ small: 0.13, large: 0.2 }))
const GROUNDS = new Map<string, number>(Object.entries({ white: 0.95, grey: 0.5, black: 0.05 }))

const PARTS = {
  COLOUR: [...COLOURS.keys()],
  SHAPE: [...SHAPES.keys()],
  ROW: ROWS,
  COLUMN: COLUMNS,
  SIZE: [...SIZES.keys()],
  GROUND: [...GROUNDS.keys()],
}
type Scene = Record<keyof typeof PARTS, string>

const SCENES = Object.entries(PARTS).reduce<Partial<Scene>[]>(
  (scenes, [part, values]) => scenes.flatMap(scene => values.map(value => ({ ...scene, [part]: value }))),
  [{}],
) as Scene[]

/** Three ways to say the same; each leaves another thing out, as people do. */
const CAPTIONS = [
  'a SIZE COLOUR SHAPE at the ROW COLUMN',
  'ROW COLUMN on GROUND ground there is a COLOUR SHAPE',
  'look a COLOUR SHAPE rather SIZE ROW of the GROUND page',
]

/** The figure a little off its place, with noise; `draws` are uniform in [0, 1). */
function drawPicture(scene: Scene, draws: Float32Array): Float32Array {
  const place = (index: number, shift: number): number => 0.25 + 0.25 * index + 0.06 * (shift - 0.5)
  const [x, y] = [place(COLUMNS.indexOf(scene.COLUMN), draws[0]!), place(ROWS.indexOf(scene.ROW), draws[1]!)]
  return Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3)
    const dx = (((pixel % SIDE) + 0.5) / SIDE - x) / SIZES.get(scene.SIZE)!
    const dy = ((Math.floor(pixel / SIDE) + 0.5) / SIDE - y) / SIZES.get(scene.SIZE)!
    const value = SHAPES.get(scene.SHAPE)!(dx, dy)
      ? COLOURS.get(scene.COLOUR)![i % 3]!
      : GROUNDS.get(scene.GROUND)!
    return value + 0.2 * (draws[2 + i]! - 0.5)
  })
}

/**
 * Draws pictures with captions, each of another scene: a figure of some shape, colour, size and place on some ground. A caption
 * leaves some of it out, so that more than one picture may fit. For what needs pairs of text and picture, and no entities.
 *
 * @param count at most 1296, the scenes there are
 * @throws InvalidArgumentError for more.
 */
export function drawCaptionedPictures(count: number, seed = 0): CaptionedPicture[] {
  if (!Number.isInteger(count) || count < 0 || count > SCENES.length) {
    const rule = `must be a whole number, at most ${SCENES.length}: each shows another scene`
    throw new InvalidArgumentError({ argument: 'count', rule, received: count })
  }
  const wordings = uniform(count, { seed, site: 'captions' })
  return [...permutation(SCENES.length, { seed, site: 'scenes' }).slice(0, count)].map((index, step) => {
    const [scene, wording] = [SCENES[index]!, CAPTIONS[Math.floor(wordings[step]! * CAPTIONS.length)]!]
    const caption = wording.replace(/[A-Z]+/g, part => scene[part as keyof Scene])
    const draws = uniform(2 + SIDE * SIDE * 3, { seed, step, site: 'picture' })
    return { caption, pixels: drawPicture(scene, draws) }
  })
}

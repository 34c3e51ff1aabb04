/** What is trained on and predicted, and how. */
export interface ScalePoint {
  posts: number
  /** Word pieces of the longest posts; the shortest have half of them. */
  tokens: number
  /** How many of the posts have a picture. */
  pictures: number
  batch: number
  threads: number
}

/** One thing that grows while all else stays. */
export interface ScaleAxis {
  name: keyof ScalePoint
  points: ScalePoint[]
}

const BASE: ScalePoint = { posts: 1000, tokens: 32, pictures: 0, batch: 32, threads: 2 }

/** What grows, and how far; `quick` is for a look at whether everything runs. */
export function scaleAxes(quick: boolean): ScaleAxis[] {
  const base = quick ? { ...BASE, posts: 64, batch: 16 } : BASE
  const grown = (name: keyof ScalePoint, values: number[], rest: Partial<ScalePoint> = {}): ScaleAxis => ({
    name,
    points: values.map(value => ({ ...base, ...rest, [name]: value })),
  })
  const counts = quick ? [32, 64] : [1000, 4000, 16_000]
  const pictured = quick ? [16, 32] : [250, 1000, 4000]
  return [
    grown('posts', counts),
    grown('tokens', quick ? [16, 64] : [16, 32, 64, 128, 256, 512], quick ? {} : { posts: 500 }),
    {
      name: 'pictures',
      points: pictured.map(pictures => ({ ...base, posts: pictures, pictures })),
    },
    grown('batch', quick ? [8, 16] : [1, 8, 32, 128]),
    grown('threads', [1, 2], quick ? {} : { posts: 4000 }),
  ]
}

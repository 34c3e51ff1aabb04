import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { batchPosts, trainingBatch, vocabularyOf } from '../batch-posts'
import { CEILINGS, drawPosts, GROUPS, type Post, SUBJECT_NAMES } from '../draw-posts'
import { BANDS, drawSound, MOST_FRAMES, SOUND_KINDS, type Sound, type SoundKind } from '../draw-sound'
import { encodeSound } from '../sound-encoding'

await tf.setBackend('cpu')

/** What each kind adds to a frame, written down once more: a sum of 10 over the bands. */
const SHAPES: [SoundKind, number[]][] = (
  [
    ...[3, 4, 5].map(lowest => ['tone', (b: number) => (b > 0 && b % lowest === 0 ? b ** -0.5 : 0)] as const),
    ['rumble', b => Math.exp(-b / 3)],
    ['hiss', b => Math.exp((b - 15) / 3)],
    ['clatter', () => 1],
  ] as [SoundKind, (band: number) => number][]
).map(([kind, of]) => {
  const values = Array.from({ length: BANDS }, (_, band) => of(band))
  const sum = values.reduce((total, value) => total + value, 0)
  return [kind, values.map(value => (10 * value) / sum)]
})

/** The likeliest kind, which knows how sounds are made: that of the best shape at the best place. */
function kindOf({ frames, count }: Sound): SoundKind {
  const sounding = Math.floor(count / 3)
  const fits = SHAPES.flatMap(([kind, shape]) =>
    Array.from({ length: count - sounding + 1 }, (_, start) => {
      const window = frames.slice(start * BANDS, (start + sounding) * BANDS)
      const likelihood = window.reduce((sum, value, i) => {
        const heard = shape[i % BANDS]!
        return sum + heard * (value - heard / 2)
      }, 0)
      return { kind, likelihood }
    }),
  )
  return fits.reduce((best, one) => (one.likelihood > best.likelihood ? one : best)).kind
}

/** Accuracy of the best guess from a clue, by counting. */
function bestGuess(posts: readonly Post[], clue: (post: Post) => string): number {
  const counts = new Map<string, number[]>()
  for (const post of posts) {
    const subjects = counts.get(clue(post)) ?? SUBJECT_NAMES.map(() => 0)
    subjects[post.subject]!++
    counts.set(clue(post), subjects)
  }
  return [...counts.values()].reduce((sum, subjects) => sum + Math.max(...subjects), 0) / posts.length
}

test('a recording tells its kind by its bands, not by its loudness', () => {
  for (const kind of SOUND_KINDS) {
    const sounds = Array.from({ length: 300 }, (_, step) => drawSound(kind, { seed: 5, step }))
    const right = sounds.filter(sound => kindOf(sound) === kind).length
    expect(right / sounds.length).toBeGreaterThan(0.9)
    const loudness = sounds.flatMap(({ frames, count }) => {
      const sounding = Math.floor(count / 3)
      return [frames.reduce((sum, value) => sum + value, 0) / sounding]
    })
    const mean = loudness.reduce((sum, value) => sum + value, 0) / loudness.length
    // The ground has deviation sqrt(count * BANDS) / sounding = 3.1 in each of 300.
    expect(Math.abs(mean - 10)).toBeLessThan(4 * (3.5 / Math.sqrt(300)))
    for (const { count } of sounds) expect(count).toBeLessThanOrEqual(MOST_FRAMES)
  }
})

test('the ceilings are what counting finds', () => {
  const posts = drawPosts(1500, 9)
  const kinds = new Map(posts.map(post => [post, kindOf(post.sound!)]))
  for (const [group, share] of Object.entries(GROUPS)) {
    expect(posts.filter(post => post.group === group).length / posts.length).toBeCloseTo(share, 1)
  }
  const nouns = (post: Post): string => post.words.find(word => NOUNS.includes(word)) ?? ''
  expect(bestGuess(posts, nouns)).toBeCloseTo(CEILINGS.text, 1)
  expect(bestGuess(posts, post => kinds.get(post)!)).toBeCloseTo(CEILINGS.sound, 1)
  expect(bestGuess(posts, post => `${nouns(post)} ${kinds.get(post)}`)).toBeGreaterThan(0.95)
})

const NOUNS =
  `robin sparrow thrush violin flute choir lorry tractor mower thunder gale tempest viper cobra python drizzle
  shower downpour saucepan plate cupboard locomotive wagon tram crane whistle horn roll strike rattle tap rush`.split(
    /\s+/,
  )

test('a batch holds every post where its masks say, and nothing for a post without sound', () => {
  const [first, { sound: _, ...silent }] = drawPosts(2, 3) as [Post, Post]
  const vocabulary = vocabularyOf([first])
  const { text, sound } = batchPosts([first, silent], vocabulary)
  const tokens = [1, ...first.words.map(vocabulary.idOf)]
  expect([...text.ids.data.slice(0, tokens.length)]).toEqual(tokens)
  expect(new Set(tokens).size).toBe(new Set(first.words).size + 1)
  expect(vocabulary.idOf('zebra')).toBe(2)
  const row = MOST_FRAMES * BANDS
  expect(sound.frames.data.slice(0, first.sound!.count * BANDS)).toEqual(first.sound!.frames)
  expect(sound.frames.data.slice(row).some(value => value !== 0)).toBe(false)
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)
  expect(sum(sound.mask.data)).toBe(first.sound!.count)
  expect(sum(sound.mask.data.slice(0, first.sound!.count))).toBe(first.sound!.count)
})

test('a batch to learn from exchanges sounds among those who have one', () => {
  const posts: Post[] = drawPosts(16, 3).map((post, i) => (i < 4 ? { ...post, sound: undefined! } : post))
  const { exchanges, subjects } = trainingBatch(posts, vocabularyOf(posts), { seed: 1, step: 7 })
  const { partners, labels } = exchanges
  expect([...partners.slice(0, 4)]).toEqual([0, 1, 2, 3])
  expect([...labels]).toEqual([...partners].map((partner, row) => (partner === row ? 1 : 0)))
  expect(labels.filter(label => label === 0)).toHaveLength(3) // a quarter of twelve
  expect(posts.map((_, i) => [...subjects.data.slice(8 * i, 8 * i + 8)].indexOf(1))).toEqual(
    posts.map(({ subject }) => subject),
  )
})

test('the summary of a recording is the loudest of every band, padding aside', () => {
  const posts = [...drawPosts(3, 4), { ...drawPosts(1, 4)[0]!, sound: undefined! }]
  const { sound } = batchPosts(posts, vocabularyOf(posts))
  const frames = tf.tensor3d(
    Float32Array.from(sound.frames.data),
    sound.frames.shape as [number, number, number],
  )
  const mask = tf.tensor2d(Float32Array.from(sound.mask.data), sound.mask.shape as [number, number])
  // What stands at padding counts for nothing.
  const spoilt = tf.add(frames, tf.mul(tf.expandDims(tf.sub(1, mask), 2), 1e6)) as tf.Tensor3D
  const { summary } = encodeSound({ frames: spoilt, mask })
  const expected = posts.map(post =>
    Array.from({ length: BANDS }, (_, band) =>
      post.sound ? Math.max(...post.sound.frames.filter((_, i) => i % BANDS === band)) : 0,
    ),
  )
  for (const [i, value] of summary.dataSync().entries()) expect(value).toBeCloseTo(expected.flat()[i]!, 3)
})

import { permutation } from '@mafjs/tensor'
import type { Post } from './draw-posts'
import { type Scores, scorePosts } from './metrics'
import { type TrainingSettings, trainClassifier } from './train-classifier'

/** Posts to learn from, to choose by, and to measure on. */
export interface Splits {
  train: Post[]
  valid: Post[]
  test: Post[]
}

/** One way to judge posts, and what each of its runs scored on the test posts. */
export interface ComparedWay {
  name: string
  runs: Scores[]
}

/** How the ways are compared. */
export interface CompareOptions {
  /** Tried with the first seed; the best on validation is used. */
  settings: readonly TrainingSettings[]
  seeds: readonly number[]
  onNote?: (note: string) => void
}

/** Posts as a model sees them that reads no sounds, or no words: they are absent, or unknown. */
const VIEWS: Record<'text only' | 'sound only' | 'text and sound', (post: Post) => Post> = {
  'text only': ({ sound: _, ...post }) => post,
  'sound only': post => ({ ...post, words: post.words.map(() => '[UNK]') }),
  'text and sound': post => post,
}

/** Gives every post the sound of another one. */
export function exchangeSounds(posts: readonly Post[], seed: number): Post[] {
  const order = permutation(posts.length, { seed, site: 'exchanged sounds' })
  const partner = new Map(order.map((row, i) => [row, order[(i + 1) % order.length]!]))
  return posts.map((post, row) => ({ ...post, sound: posts[partner.get(row)!]!.sound! }))
}

/** Trains the same model on text, on sound and on both; settings and epochs are chosen on validation. */
export async function compareWays(
  splits: Splits,
  { settings, seeds, onNote = () => {} }: CompareOptions,
): Promise<ComparedWay[]> {
  const ways: ComparedWay[] = []
  for (const [name, view] of Object.entries(VIEWS)) {
    const [train, valid, test] = [splits.train, splits.valid, splits.test].map(posts => posts.map(view))
    let chosen = { setting: settings[0]!, validation: -1 }
    for (const setting of settings.length > 1 ? settings : []) {
      const { validation, epoch, dispose } = await trainClassifier(train!, valid!, setting, seeds[0]!)
      await dispose()
      onNote(`${name}, learning rate ${setting.learningRate}: validation ${validation} after epoch ${epoch}`)
      if (validation > chosen.validation) chosen = { setting, validation }
    }
    const way: ComparedWay = { name, runs: [] }
    const exchanged: ComparedWay = { name: '  the same, sounds exchanged', runs: [] }
    for (const seed of seeds) {
      const trained = await trainClassifier(train!, valid!, chosen.setting, seed)
      onNote(`${name}, seed ${seed}: validation ${trained.validation} after epoch ${trained.epoch}`)
      way.runs.push(scorePosts(test!, await trained.judge(test!)))
      if (name === 'text and sound') {
        const others = exchangeSounds(test!, seed)
        exchanged.runs.push(scorePosts(others, await trained.judge(others)))
      }
      await trained.dispose()
    }
    ways.push(way, ...(exchanged.runs.length > 0 ? [exchanged] : []))
  }
  return ways
}

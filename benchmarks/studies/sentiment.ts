import { nearDuplicates } from '@mafjs/data'
import { areaUnderRoc } from '@mafjs/evaluate'
import { chooseExchanges } from '@mafjs/match'
import { permutation } from '@mafjs/tensor'
import { fit, predict, standardizer } from '@mafjs/train'
import { CLASSES, type FrozenPost, frozenSentiment } from './frozen-sentiment'
import type { StudyOptions, StudyResult } from './study'
import type { StudyPair } from './study-pairs'

/** A way to look at posts and to train on them. */
interface Way {
  view: (post: FrozenPost) => FrozenPost
  /** Whether pictures are dealt out anew among the training posts. */
  shuffled?: boolean
}

/** Posts of one kind at a time. */
export interface PostSplits<Post> {
  train: Post[]
  valid: Post[]
  test: Post[]
}

const noPicture = (post: FrozenPost): FrozenPost => ({ ...post, regions: new Float32Array(0) })

/** One token, the same for every post. */
const noText =
  (textSize: number) =>
  (post: FrozenPost): FrozenPost => ({ ...post, tokens: new Float32Array(textSize).fill(1) })

const SETTINGS = [3e-4, 1e-3].flatMap(learningRate =>
  [0.1, 0.5].map(dropoutRate => ({ learningRate, dropoutRate })),
)
/** How often each test post is shown another's picture. */
const EXCHANGES = 5

/**
 * The sentiment of real posts by text, by picture, and by both. What is chosen is chosen by the macro F1 of validation posts, by each
 * way for itself; those by both are also shown other posts' pictures.
 */
export async function studySentiment({
  engine,
  real,
  epochs = 10,
  seeds,
  only,
  keep = (_, make) => make(),
}: Omit<StudyOptions, 'drawn'> & { real: readonly StudyPair[] }): Promise<StudyResult> {
  const splits = frozenPosts(splitPosts(real))
  const { train, valid, test } = splits
  const [textSize, imageSize] = [real[0]!.text.length, real[0]!.image.length]
  console.error(
    `${train.length} posts to train on, ${valid.length} to choose by, ${test.length} to measure on`,
  )
  const both = { view: (post: FrozenPost) => post }
  const ways: Record<string, Way> = {
    'text only': { view: noPicture },
    'picture only': { view: noText(textSize) },
    'text and picture': both,
    'pictures shuffled in training': { ...both, shuffled: true },
  }
  const trainAnew = async (way: Way, setting: (typeof SETTINGS)[number], seed: number) => {
    const { view, shuffled } = way
    const task = frozenSentiment({ textSize, imageSize, seed, ...setting })
    const given = { epochs, batchSize: 32, learningRate: setting.learningRate, warmup: 0, seed }
    const rows = shuffled ? exchanged(train, seed) : train.map(view)
    const fitted = await fit(task, { engine, train: rows, valid: valid.map(view), settings: given })
    const says = (posts: FrozenPost[]) => predict(task, posts.map(view), { engine, batchSize: 32 })
    const own = await says(test)
    const foreign: (typeof own)[] = []
    for (let turn = 0; turn < EXCHANGES; turn++) foreign.push(await says(exchanged(test, turn)))
    const macro = (said: typeof own) => task.score(said, test)
    const [report, ...others] = await Promise.all([own, ...foreign].map(macro))
    const right = (said: typeof own) => said.map(({ label }, i) => Number(label === test[i]!.label))
    const matchOf = (said: typeof own, post: number) => said[post]!.extras!['match']!
    task.model.dispose()
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0)
    const posts = {
      accuracy: right(own),
      exchanged: test.map((_, i) => mean(foreign.map(said => right(said)[i]!))),
      match: test.map(
        (_, i) =>
          areaUnderRoc(
            [matchOf(own, i)],
            foreign.map(said => matchOf(said, i)),
          )!,
      ),
    }
    return {
      bestEpoch: fitted.bestEpoch,
      validation: fitted.validation!.score,
      shares: [
        ...[report!.accuracy, report!.score],
        ...[mean(others.map(({ accuracy }) => accuracy)), mean(others.map(({ score }) => score))],
        mean(posts.match),
      ],
      posts,
    }
  }
  type Trained = Awaited<ReturnType<typeof trainAnew>>
  const most = CLASSES.map(label => train.filter(post => post.label === label).length)
  const majority = CLASSES[most.indexOf(Math.max(...most))]!
  const runs: Record<string, Trained[]> = {}
  const chosen: StudyResult['chosen'] & Record<string, unknown> = {}
  for (const [name, way] of Object.entries(ways)) {
    if (only && !only.includes(name)) continue
    const trained = (setting: (typeof SETTINGS)[number], seed: number) => {
      const { learningRate, dropoutRate } = setting
      const key = `${name.replaceAll(/\W+/g, '-')}-rate-${learningRate}-dropout-${dropoutRate}-seed-${seed}`
      return keep(key, () => trainAnew(way, setting, seed))
    }
    let best = { setting: SETTINGS[0]!, validation: -1 }
    for (const setting of SETTINGS) {
      const { validation, bestEpoch } = await trained(setting, seeds[0]!)
      console.error(`${name}, ${JSON.stringify(setting)}: validation ${validation} after epoch ${bestEpoch}`)
      if (validation > best.validation) best = { setting, validation }
    }
    chosen[name] = best
    runs[name] = []
    for (const seed of seeds) runs[name].push(await trained(best.setting, seed))
  }
  const isMost = test.map(({ label }) => Number(label === majority))
  const share = isMost.reduce((sum, right) => sum + right / test.length, 0)
  const ofMost = (2 * share) / (1 + share) / CLASSES.length
  // Without text or picture there is nothing that another picture or a match could change.
  const isBoth = (name: string) => ways[name]!.view === both.view
  return {
    columns: ['accuracy', 'macro F1', 'exchanged: accuracy', 'exchanged: macro F1', 'match: own above'],
    ways: {
      majority: [[share, ofMost, Number.NaN, Number.NaN, Number.NaN]],
      ...Object.fromEntries(
        Object.entries(runs).map(([name, some]) => [
          name,
          some.map(({ shares }) => shares.map((one, i) => (i < 2 || isBoth(name) ? one : Number.NaN))),
        ]),
      ),
    },
    posts: {
      majority: [{ accuracy: isMost }],
      ...Object.fromEntries(Object.entries(runs).map(([name, some]) => [name, some.map(one => one.posts)])),
    },
    chosen,
  }
}

/** Every post with the picture of another that is no near-duplicate of it. */
export function exchanged(posts: readonly FrozenPost[], seed: number): FrozenPost[] {
  const partners = chooseExchanges({ ids: posts.map(({ group }) => group), rate: 1, minimum: 0, seed })
  return posts.map((post, i) => ({ ...post, regions: posts[partners[i]!]!.regions }))
}

/** Deals groups of near-duplicates out by lot: a fifth to measure on, three twentieths to choose by; none is divided. */
export function splitPosts(pairs: readonly StudyPair[]): PostSplits<StudyPair & { group: number }> {
  const groups = nearDuplicates(pairs.map(({ words, hash }) => ({ text: words, hash })))
  const names = [...new Set(groups)]
  const splits: PostSplits<StudyPair & { group: number }> = { train: [], valid: [], test: [] }
  for (const place of permutation(names.length, { seed: 0, site: 'split' })) {
    const group = names[place]!
    const some = pairs.filter((_, i) => groups[i] === group).map(pair => ({ ...pair, group }))
    const fits = (split: readonly unknown[], share: number): boolean =>
      split.length + some.length <= Math.round(share * pairs.length)
    const split = fits(splits.test, 0.2) ? 'test' : fits(splits.valid, 0.15) ? 'valid' : 'train'
    splits[split].push(...some)
  }
  return splits
}

/** Posts on the standard scale of those to train on, channel by channel. */
export function frozenPosts({
  train,
  ...others
}: PostSplits<StudyPair & { group: number }>): PostSplits<FrozenPost> {
  const scalerOf = (name: 'tokens' | 'regions', size: number) => {
    const vectorsOf = (all: Float32Array) =>
      Array.from({ length: all.length / size }, (_, i) => all.subarray(i * size, (i + 1) * size))
    const standard = standardizer(train.flatMap(post => vectorsOf(post[name]!)))
    return (all: Float32Array): Float32Array => {
      const scaled = new Float32Array(all.length)
      for (const [i, vector] of vectorsOf(all).entries()) scaled.set(standard(vector), i * size)
      return scaled
    }
  }
  const ofTokens = scalerOf('tokens', train[0]!.text.length)
  const ofRegions = scalerOf('regions', train[0]!.image.length)
  const frozen = (posts: readonly (StudyPair & { group: number })[]): FrozenPost[] =>
    posts.map(({ tokens, regions, label, group }) => ({
      ...{ tokens: ofTokens(tokens!), regions: ofRegions(regions!), label: label!, group },
    }))
  return { train: frozen(train), valid: frozen(others.valid), test: frozen(others.test) }
}

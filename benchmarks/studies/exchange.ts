import { areaUnderRoc } from '@mafjs/evaluate'
import { fit, predict } from '@mafjs/train'
import { type FrozenPost, frozenSentiment } from './frozen-sentiment'
import { exchanged, frozenPosts, splitPosts } from './sentiment'
import type { StudyOptions, StudyResult } from './study'
import type { StudyPair } from './study-pairs'

/** A post beside its own picture or another's. */
type ShownPost = FrozenPost & { isOwn: boolean }

const WAYS = {
  pictures: { exchange: 'pictures' },
  states: { exchange: 'states' },
  'pictures, residual': { exchange: 'pictures', residual: 'query' },
  'states, residual': { exchange: 'states', residual: 'query' },
} as const

const SETTINGS = [0.1, 0.5].map(dropoutRate => ({ learningRate: 1e-3, dropoutRate }))

/** How often a test post is shown another's picture; one to choose by, once. */
const EXCHANGES = 5

const withOthers = (posts: readonly FrozenPost[], exchanges: number): ShownPost[] => [
  ...posts.map(post => ({ ...post, isOwn: true })),
  ...Array.from({ length: exchanges }, (_, turn) => exchanged(posts, turn)).flatMap(some =>
    some.map(post => ({ ...post, isOwn: false })),
  ),
]

/**
 * What matching learns where pictures are exchanged before the interaction, and where finished states are: how well its
 * probability tells a post's own picture from another's, which is what it meets at inference. Epoch and dropout are chosen by that on
 * validation posts.
 */
export async function studyExchange({
  engine,
  real,
  epochs = 10,
  seeds,
  keep = (_, make) => make(),
}: Omit<StudyOptions, 'drawn'> & { real: readonly StudyPair[] }): Promise<StudyResult> {
  const { train, valid, test } = frozenPosts(splitPosts(real))
  const [textSize, imageSize] = [real[0]!.text.length, real[0]!.image.length]
  const [validShown, testShown] = [withOthers(valid, 1), withOthers(test, EXCHANGES)]
  const trained = (name: keyof typeof WAYS, setting: (typeof SETTINGS)[number], seed: number) =>
    keep(`${name.replaceAll(/\W+/g, '-')}-dropout-${setting.dropoutRate}-seed-${seed}`, async () => {
      const classifier = frozenSentiment({ textSize, imageSize, seed, ...setting, ...WAYS[name] })
      const scoreOf = (
        said: readonly { extras?: Readonly<Record<string, number>> }[],
        rows: readonly FrozenPost[],
      ) => {
        const matches = (isOwn: boolean) =>
          said.flatMap(({ extras }, i) => ((rows[i] as ShownPost).isOwn === isOwn ? [extras!['match']!] : []))
        return { score: areaUnderRoc(matches(true), matches(false))! }
      }
      const task = { ...classifier, score: scoreOf }
      const settings = { epochs, batchSize: 32, learningRate: setting.learningRate, warmup: 0, seed }
      const fitted = await fit(task, { engine, train, valid: validShown, settings })
      const said = await predict(task, testShown, { engine, batchSize: 32 })
      task.model.dispose()
      const matchOf = (turn: number, post: number) => said[turn * test.length + post]!.extras!['match']!
      const above = test.map((_, post) => {
        const others = Array.from({ length: EXCHANGES }, (_, turn) => matchOf(turn + 1, post))
        return areaUnderRoc([matchOf(0, post)], others)!
      })
      return {
        validation: fitted.validation!.score,
        bestEpoch: fitted.bestEpoch,
        // Of the last epoch: how well it learns what it is taught by, where log 2 is chance.
        loss: fitted.history.at(-1)!['matching']!,
        auc: scoreOf(said, testShown).score,
        above,
      }
    })
  const runs: Record<string, Awaited<ReturnType<typeof trained>>[]> = {}
  const chosen: Record<string, unknown> = {}
  for (const name of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    let best = { setting: SETTINGS[0]!, validation: -1 }
    for (const setting of SETTINGS) {
      const { validation, bestEpoch, loss } = await trained(name, setting, seeds[0]!)
      console.error(
        `${name}, ${JSON.stringify(setting)}: AUC ${validation} after epoch ${bestEpoch}, loss ${loss}`,
      )
      if (validation > best.validation) best = { setting, validation }
    }
    chosen[name] = best
    runs[name] = []
    for (const seed of seeds) runs[name].push(await trained(name, best.setting, seed))
  }
  const ofRuns = <Made>(make: (run: (typeof runs)[string][number]) => Made) =>
    Object.fromEntries(Object.entries(runs).map(([name, some]) => [name, some.map(make)]))
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0)
  return {
    columns: ['AUC', 'own above another', 'matching loss at the end of training'],
    ways: ofRuns(({ auc, above, loss }) => [auc, mean(above), loss]),
    posts: ofRuns(({ above }) => ({ 'own above another': above })),
    chosen,
  }
}

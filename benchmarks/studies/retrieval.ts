import type { Engine } from '@mafjs/compile/engine'
import { nearDuplicates } from '@mafjs/data'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { permutation } from '@mafjs/tensor'
import { evaluate, fit, standardizer } from '@mafjs/train'
import {
  CUTS,
  type Pair,
  retrievalTask,
  scoreRetrieval,
} from '../../examples/image-text-retrieval/retrieval-task'
import { ridgeRegression } from './ridge'
import type { StudyPair } from './study-pairs'

/** What a study is given. */
export interface StudyOptions {
  engine: Engine
  /** None: pairs are drawn. */
  real: readonly StudyPair[] | undefined
  drawn: (count: number, seed: number) => StudyPair[]
  epochs: number | undefined
  seeds: readonly number[]
}

/** Chance, ridge regression, untrained heads and trained ones; all that is chosen is chosen by the AUC of validation pairs. */
export async function studyRetrieval({
  engine,
  real,
  drawn,
  epochs = 60,
  seeds,
}: StudyOptions): Promise<void> {
  const pairs = real ? withoutDuplicates(real) : drawn(1200, 1)
  const [tests, valids] = real ? [300, 200] : [200, 100]
  const standard = standardPairs(pairs, pairs.slice(tests + valids))
  const [test, valid] = [standard.slice(0, tests), standard.slice(tests, tests + valids)]
  const train = standard.slice(tests + valids)
  console.error(
    `${test.length} pairs to retrieve among, ${valid.length} to choose by, ${train.length} to train on`,
  )

  const linear = [1, 10, 100, 1e3, 1e4, 1e5]
    .map(penalty => ({ penalty, predict: ridgeRegression(train, penalty) }))
    .map(one => ({ ...one, auc: scoreRetrieval(one.predict(valid)).score }))
    .reduce((best, one) => (one.auc > best.auc ? one : best))
  console.error(`ridge regression: penalty ${linear.penalty}, validation AUC ${linear.auc.toFixed(3)}`)

  const trainWith = async (setting: (typeof settings)[number], seed: number) => {
    const task = retrievalTask(train[0]!, seed, setting.featureDropout)
    const untrained = await evaluate(task, test, { engine })
    const { learningRate } = setting
    // Equal steps of at most 150 pairs.
    const batchSize = Math.ceil(train.length / Math.ceil(train.length / 150))
    const given = { epochs, batchSize, learningRate, warmup: 0, seed }
    const { bestEpoch, validation } = await fit(task, { engine, train, valid, settings: given })
    const trained = await evaluate(task, test, { engine })
    task.model.dispose()
    console.error(
      `${JSON.stringify(setting)}, seed ${seed}: validation AUC ${validation!.score.toFixed(3)} after epoch ${bestEpoch}`,
    )
    return { validation: validation!.score, untrained: untrained.shares, trained: trained.shares }
  }
  const settings = [0, 0.5].flatMap(featureDropout =>
    [3e-4, 1e-3].map(learningRate => ({ learningRate, featureDropout })),
  )
  let [chosen, best] = [settings[0]!, -1]
  for (const setting of settings) {
    const { validation } = await trainWith(setting, seeds[0]!)
    if (validation > best) [chosen, best] = [setting, validation]
  }
  const runs = []
  for (const seed of seeds) runs.push(await trainWith(chosen, seed))

  const chance = CUTS.map(cut => cut / test.length)
  const ways: Record<string, number[][]> = {
    chance: [[...chance, ...chance, 0.5]],
    'untrained heads': runs.map(({ untrained }) => untrained),
    'ridge regression': [scoreRetrieval(linear.predict(test)).shares],
    '@mafjs/align': runs.map(({ trained }) => trained),
  }
  const columns = ['T>I', 'I>T'].flatMap(way => CUTS.map(cut => `${way} R@${cut}`))
  const rows = Object.entries(ways).map(([name, runs]) => [
    name,
    ...runs[0]!.map((_, column) => formatSpread(runs.map(shares => shares[column]!))),
  ])
  console.log(markdownTable(['%', ...columns, 'AUC'], rows))
}

/** Pairs on the standard scale of those to train on. */
export function standardPairs<One extends Pair>(pairs: readonly One[], train: readonly Pair[]): One[] {
  const ofText = standardizer(train.map(({ text }) => text))
  const ofImage = standardizer(train.map(({ image }) => image))
  return pairs.map(pair => ({ ...pair, text: ofText(pair.text), image: ofImage(pair.image) }))
}

/** The first of each group of near-duplicates, in an order that is drawn once for all. */
function withoutDuplicates(pairs: readonly StudyPair[]): StudyPair[] {
  const comparable = pairs.map(({ words, hash }) => ({ text: words, hash }))
  const groups = nearDuplicates(comparable)
  const kept = pairs.filter((_, i) => groups[i] === i)
  const removedBy = (some: Parameters<typeof nearDuplicates>[0]): number =>
    nearDuplicates(some).filter((group, i) => group !== i).length
  const [byText, byPicture] = [
    comparable.map(({ text }) => ({ text })),
    comparable.map(({ hash }) => ({ hash })),
  ]
  console.error(
    `${pairs.length - kept.length} near-duplicates removed: ${removedBy(byText)} are by their text, ` +
      `${removedBy(byPicture)} by their picture; ${kept.length} pairs stay`,
  )
  return permutation(kept.length, { seed: 0, site: 'split' }).map(i => kept[i]!)
}

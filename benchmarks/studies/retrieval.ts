import { nearDuplicates } from '@mafjs/data'
import { permutation } from '@mafjs/tensor'
import { evaluate, fit, standardizer } from '@mafjs/train'
import {
  CUTS,
  type Pair,
  retrievalTask,
  scoreRetrieval,
} from '../../examples/image-text-retrieval/retrieval-task'
import { ridgeRegression } from './ridge'
import type { StudyOptions, StudyResult } from './study'
import type { StudyPair } from './study-pairs'

/** Chance, ridge regression, untrained heads and trained ones; all that is chosen is chosen by the AUC of validation pairs. */
export async function studyRetrieval({
  engine,
  real,
  drawn,
  epochs = 60,
  seeds,
  keep = (_, make) => make(),
}: StudyOptions): Promise<StudyResult> {
  const pairs = real ? withoutDuplicates(real) : drawn(1200, 1)
  const [tests, valids] = real ? [300, 200] : [200, 100]
  const splitsOf = (scale: Scale) => {
    const standard = standardPairs(pairs, pairs.slice(tests + valids), scale)
    const [test, valid] = [standard.slice(0, tests), standard.slice(tests, tests + valids)]
    return { test, valid, train: standard.slice(tests + valids) }
  }
  const scaled = { each: splitsOf('each'), all: splitsOf('all') }
  console.error(
    `${tests} pairs to retrieve among, ${valids} to choose by, ${pairs.length - tests - valids} to train on`,
  )

  const linear = await keep('ridge', async () => {
    const { train, valid, test } = scaled.each
    const ridge = ridgeRegression(train)
    const { predict, ...best } = [1, 10, 100, 1e3, 1e4, 1e5]
      .map(penalty => ({ penalty, predict: ridge(penalty) }))
      .map(one => ({ ...one, auc: scoreRetrieval(one.predict(valid)).score }))
      .reduce((best, one) => (one.auc > best.auc ? one : best))
    return { ...best, test: scoreRetrieval(predict(test)) }
  })
  console.error(`ridge regression: penalty ${linear.penalty}, validation AUC ${linear.auc.toFixed(3)}`)

  const trainWith = (setting: Setting, seed: number) => {
    const { learningRate, featureDropout, scale } = setting
    const name = `rate-${learningRate}-dropout-${featureDropout}-scale-${scale}-seed-${seed}`
    return keep(name, () => trainAnew(setting, seed))
  }
  const trainAnew = async (setting: Setting, seed: number) => {
    const { train, valid, test } = scaled[setting.scale]
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
    return { validation: validation!.score, untrained, trained }
  }
  const settings = (real ? (['each', 'all'] as const) : (['each'] as const)).flatMap(scale =>
    (real ? [0, 0.5, 0.8] : [0, 0.5]).flatMap(featureDropout =>
      [3e-4, 1e-3].map(learningRate => ({ learningRate, featureDropout, scale })),
    ),
  )
  let [chosen, best] = [settings[0]!, -1]
  for (const setting of settings) {
    const { validation } = await trainWith(setting, seeds[0]!)
    if (validation > best) [chosen, best] = [setting, validation]
  }
  const runs: Awaited<ReturnType<typeof trainAnew>>[] = []
  for (const seed of seeds) runs.push(await trainWith(chosen, seed))

  const chance = CUTS.map(cut => cut / tests)
  const scored = {
    'untrained heads': runs.map(({ untrained }) => untrained),
    'ridge regression': [linear.test],
    '@mafjs/align': runs.map(({ trained }) => trained),
  }
  const ofRuns = <Made>(make: (run: (typeof linear)['test']) => Made) =>
    Object.fromEntries(Object.entries(scored).map(([name, runs]) => [name, runs.map(make)]))
  return {
    columns: [...['T>I', 'I>T'].flatMap(way => CUTS.map(cut => `${way} R@${cut}`)), 'AUC'],
    ways: { chance: [[...chance, ...chance, 0.5]], ...ofRuns(({ shares }) => shares) },
    posts: ofRuns(({ ranks: [ofTexts, ofImages] }) => ({
      'T>I R@10': ofTexts!.map(rank => Number(rank < 10)),
      'I>T R@10': ofImages!.map(rank => Number(rank < 10)),
      // Of the other pictures those that are no nearer than the own one.
      AUC: ofTexts!.map(rank => 1 - rank / (tests - 1)),
    })),
    chosen: { '@mafjs/align': chosen, 'ridge regression': linear.penalty },
  }
}

/** Whether each number of a vector is brought to the deviation 1, or all of them by the same factor. */
type Scale = 'each' | 'all'

/** What is tried. */
interface Setting {
  learningRate: number
  featureDropout: number
  scale: Scale
}

/** Pairs with mean 0 and deviation 1 over those to train on: in each number, or in all together. */
function standardPairs<One extends Pair>(pairs: readonly One[], train: readonly Pair[], scale: Scale): One[] {
  const [ofText, ofImage] = (['text', 'image'] as const).map(side => {
    const vectors = train.map(pair => pair[side])
    return scale === 'each' ? standardizer(vectors) : evenly(vectors)
  })
  return pairs.map(pair => ({ ...pair, text: ofText!(pair.text), image: ofImage!(pair.image) }))
}

/** Takes the mean away, and scales all numbers alike. */
function evenly(vectors: readonly Float32Array[]): (vector: Float32Array) => Float32Array {
  const size = vectors[0]!.length
  const means = new Float64Array(size)
  for (const vector of vectors) for (let i = 0; i < size; i++) means[i]! += vector[i]! / vectors.length
  let square = 0
  for (const vector of vectors)
    for (let i = 0; i < size; i++) square += (vector[i]! - means[i]!) ** 2 / (vectors.length * size)
  return vector => vector.map((value, i) => (value - means[i]!) / Math.sqrt(square || 1))
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

import { choosePairs, type PairFeatures, standardizer } from './features'
import { chance, type RetrievalScores, scoreRetrieval, similarities } from './metrics'
import { ridgeRegression } from './ridge'
import { type TrainingSettings, trainAlignment } from './train-alignment'

/** Pairs to learn from, to choose by, and to measure on. */
export interface Splits {
  train: PairFeatures
  valid: PairFeatures
  test: PairFeatures
}

/** One way to retrieve, and what each of its runs scored on the test pairs. */
export interface ComparedWay {
  name: string
  runs: RetrievalScores[]
}

/** How the ways are compared. */
export interface CompareOptions {
  /** Tried with the first seed; the best on validation is used. */
  settings: readonly TrainingSettings[]
  /** The penalties of ridge regression that are tried likewise. @default powers of ten from 1 to 100,000 */
  penalties?: readonly number[]
  seeds: readonly number[]
  onNote?: (note: string) => void
}

/** Cuts pairs into splits, in the order they stand, columns standardised by the training pairs. */
export function splitPairs(pairs: PairFeatures, { valid, test }: { valid: number; test: number }): Splits {
  const rows = Array.from({ length: pairs.text.shape[0] }, (_, row) => row)
  const train = choosePairs(pairs, rows.slice(valid + test))
  const [ofText, ofImage] = [standardizer(train.text), standardizer(train.image)]
  const standard = ({ text, image }: PairFeatures): PairFeatures => ({
    text: ofText(text),
    image: ofImage(image),
  })
  return {
    train: standard(train),
    valid: standard(choosePairs(pairs, rows.slice(test, test + valid))),
    test: standard(choosePairs(pairs, rows.slice(0, test))),
  }
}

/** Measures chance, a linear baseline, untrained heads and trained ones; all that is chosen is chosen on validation. */
export async function compareWays(
  { train, valid, test }: Splits,
  { settings, penalties = [1, 10, 100, 1e3, 1e4, 1e5], seeds, onNote = () => {} }: CompareOptions,
): Promise<ComparedWay[]> {
  const scoresOf = (pairs: PairFeatures): RetrievalScores => scoreRetrieval(similarities(pairs))

  const linear = penalties
    .map(penalty => ({ penalty, predict: ridgeRegression(train, penalty) }))
    .map(one => ({ ...one, validation: scoresOf(one.predict(valid)).auc }))
    .reduce((best, one) => (one.validation > best.validation ? one : best))
  onNote(`ridge regression: penalty ${linear.penalty}, validation AUC ${linear.validation.toFixed(3)}`)

  let chosen = { setting: settings[0]!, validation: -1 }
  for (const setting of settings) {
    const tried = await trainAlignment(train, valid, setting, seeds[0]!)
    await tried.dispose()
    const { validation, epoch } = tried
    onNote(`${JSON.stringify(setting)}: validation AUC ${validation.toFixed(3)} after epoch ${epoch}`)
    if (validation > chosen.validation) chosen = { setting, validation }
  }

  const runsOf = async (setting: TrainingSettings): Promise<RetrievalScores[]> => {
    const runs: RetrievalScores[] = []
    for (const seed of seeds) {
      const { project, validation, epoch, dispose } = await trainAlignment(train, valid, setting, seed)
      onNote(`seed ${seed}: validation AUC ${validation.toFixed(3)} after epoch ${epoch}`)
      runs.push(scoresOf(await project(test)))
      await dispose()
    }
    return runs
  }
  return [
    { name: 'chance', runs: [chance(test.text.shape[0])] },
    { name: 'untrained heads', runs: await runsOf({ ...chosen.setting, epochs: 0 }) },
    { name: 'ridge regression', runs: [scoresOf(linear.predict(test))] },
    { name: '@mafjs/align', runs: await runsOf(chosen.setting) },
  ]
}

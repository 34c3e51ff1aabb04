import { nearDuplicates } from '@mafjs/data'
import { areaUnderRoc, formatSpread, markdownTable } from '@mafjs/evaluate'
import { chooseThreshold, mixtureCalibration, reliability } from '@mafjs/evaluate/calibration'
import { chooseExchanges } from '@mafjs/match'
import { measure, type Scorer, scoreHeldOut } from '../../examples/clean-pairs/judge-pairs'
import { matchingScorer, type Pair } from '../../examples/clean-pairs/matching-task'
import type { StudyOptions } from './retrieval'
import { ridgeRegression } from './ridge'
import type { StudyPair } from './study-pairs'

/** Ridge regression and matching, calibrated; with other mismatches for every seed, a fifth of the pairs. */
export async function studyCleaning({
  engine,
  real,
  drawn,
  epochs = 40,
  seeds,
}: StudyOptions): Promise<void> {
  const pairsOf = (seed: number): Pair[] => exchangeSome(real ?? drawn(1200, seed), real !== undefined, seed)
  const tried = real
    ? [0, 0.5].flatMap(dropout => [3e-4, 1e-3].map(rate => ({ dropout, rate })))
    : [{ dropout: 0, rate: 1e-3 }]
  const matching = tried.map(({ dropout, rate }): [string, Scorer] => {
    const settings = { epochs, batchSize: 160, learningRate: rate, warmup: 0 }
    return [`learning rate ${rate}, dropout ${dropout}`, matchingScorer(engine, settings, dropout)]
  })
  const linear = [1, 10, 100, 1e3, 1e4, 1e5].map((penalty): [string, Scorer] => [
    `ridge regression, penalty ${penalty}`,
    ridgeScorer(penalty),
  ])
  const first = pairsOf(seeds[0]!)
  const scorers = [await choose(first, linear, seeds[0]!), await choose(first, matching, seeds[0]!)]

  const [lots, ridge, own, calibrated]: number[][][] = [[], [], [], []]
  const [said, truth]: [number[], boolean[]] = [[], []]
  for (const seed of seeds) {
    const judgements = []
    for (const scorer of scorers) {
      const { judged, falseScores } = await scoreHeldOut(pairsOf(seed), scorer, seed)
      const fits = judged.map(({ pair }) => pair.fits!)
      const scores = judged.map(({ score }) => score)
      const { probability, falseShare } = mixtureCalibration({ scores, falseScores })
      const probabilities = scores.map(probability)
      const shares = measure(probabilities, chooseThreshold(probabilities, { keep: 0.95 }), fits)
      judgements.push({ judged, fits, probabilities, shares, row: [...Object.values(shares), falseShare] })
    }
    const [byRidge, byMatch] = judgements as [(typeof judgements)[0], (typeof judgements)[0]]
    const { dropped } = byMatch.shares
    lots!.push([
      dropped,
      byMatch.fits.filter(fit => !fit).length / byMatch.fits.length,
      dropped,
      dropped,
      0.5,
    ])
    ridge!.push(byRidge.row)
    const raw = byMatch.judged.map(({ raw }) => 1 / (1 + Math.exp(-raw)))
    own!.push(Object.values(measure(raw, 0.5, byMatch.fits)))
    calibrated!.push(byMatch.row)
    said.push(...byMatch.probabilities)
    truth.push(...byMatch.fits)
    console.error(`seed ${seed}: ${byMatch.fits.length} pairs, AUC ${byMatch.shares.AUC.toFixed(3)}`)
  }
  const ways = {
    'drawing lots': lots!,
    'ridge, calibrated': ridge!,
    'not calibrated': own!,
    calibrated: calibrated!,
  }
  const columns = ['dropped', 'precision', 'recall', 'lost', 'AUC', 'ECE', 'mismatches found']
  const rows = Object.entries(ways).map(([name, runs]) => [
    name,
    ...columns.map((_, i) =>
      runs[0]![i] === undefined
        ? '-'
        : formatSpread(runs.map(run => run[i]!).filter(share => !Number.isNaN(share))),
    ),
  ])
  // Precision is that of the runs that dropped something.
  console.log(`${markdownTable(['%', ...columns], rows)}\n`)
  const bins = reliability(said, truth).map(bin => [
    formatSpread([bin.said]),
    formatSpread([bin.isTrue]),
    `${bin.count}`,
  ])
  console.log(markdownTable(['said, %', 'fitting, %', 'pairs'], bins, []))
}

/** Gives a fifth of the texts another's picture, none a near-duplicate of its own. */
function exchangeSome(pairs: readonly StudyPair[], isReal: boolean, seed: number): Pair[] {
  const groupsOf = (pictures: readonly number[]): number[] => {
    // No two drawn scenes are the same, though captions of one pattern are alike.
    if (!isReal) return [...pictures.keys()]
    return nearDuplicates(pairs.map(({ words }, i) => ({ text: words, hash: pairs[pictures[i]!]!.hash })))
  }
  const own = [...pairs.keys()]
  const pictures = [...chooseExchanges({ ids: groupsOf(own), rate: 0.2, minimum: 0, seed })]
  const groups = groupsOf(pictures)
  return pairs.map(({ text }, i) => ({
    text,
    image: pairs[pictures[i]!]!.image,
    group: groups[i]!,
    fits: pictures[i] === i,
  }))
}

/** How near a picture is, by its cosine, to the one that ridge regression predicts from the text. */
const ridgeScorer =
  (penalty: number): Scorer =>
  async (train, unseen) =>
    ridgeRegression(
      train,
      penalty,
    )(unseen).map(({ text, image }) => {
      const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
      return dot(text, image) / Math.sqrt(dot(text, text) * dot(image, image) || 1)
    })

/** The one that tells held-out pairs from exchanged ones best, which needs no label. */
async function choose(pairs: Pair[], scorers: readonly [string, Scorer][], seed: number): Promise<Scorer> {
  if (scorers.length === 1) return scorers[0]![1]
  let [chosen, best] = [scorers[0]![1], -1]
  for (const [name, scorer] of scorers) {
    const { judged, falseScores } = await scoreHeldOut(pairs, scorer, seed, 3)
    const auc = areaUnderRoc(judged.map(({ score }) => score), falseScores)! // biome-ignore format: one line
    console.error(`${name}: AUC of pairs against exchanged ones ${auc.toFixed(3)}`)
    if (auc > best) [chosen, best] = [scorer, auc]
  }
  return chosen
}

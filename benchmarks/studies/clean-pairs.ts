import { nearDuplicates } from '@mafjs/data'
import { areaUnderRoc, formatSpread, markdownTable } from '@mafjs/evaluate'
import { chooseThreshold, mixtureCalibration, reliability } from '@mafjs/evaluate/calibration'
import { chooseExchanges } from '@mafjs/match'
import { measure, type Scorer, scoreHeldOut } from '../../examples/clean-pairs/judge-pairs'
import { matchingScorer, type Pair } from '../../examples/clean-pairs/matching-task'
import { ridgeRegression } from './ridge'
import type { Keep, StudyOptions, StudyResult } from './study'
import type { StudyPair } from './study-pairs'

type Named = readonly [name: string, scorer: Scorer]

/** Ridge regression and matching, calibrated; with other mismatches for every seed, a fifth of the pairs. */
export async function studyCleaning({
  engine,
  real,
  drawn,
  epochs = 40,
  seeds,
  keep = (_, make) => make(),
}: StudyOptions): Promise<StudyResult> {
  const pairsOf = (seed: number): Pair[] => exchangeSome(real ?? drawn(1200, seed), real !== undefined, seed)
  const tried = real
    ? [0, 0.5].flatMap(dropout => [3e-4, 1e-3].map(rate => ({ dropout, rate })))
    : [{ dropout: 0, rate: 1e-3 }]
  const matching = tried.map(({ dropout, rate }): Named => {
    const settings = { epochs, batchSize: 160, learningRate: rate, warmup: 0 }
    return [`matching-rate-${rate}-dropout-${dropout}`, matchingScorer(engine, settings, dropout)]
  })
  const linear = [1, 10, 100, 1e3, 1e4, 1e5].map(
    (penalty): Named => [`ridge-${penalty}`, ridgeScorer(penalty)],
  )
  const first = pairsOf(seeds[0]!)
  const scorers = [
    await choose(first, linear, seeds[0]!, keep),
    await choose(first, matching, seeds[0]!, keep),
  ]

  const [lots, ridge, own, calibrated]: number[][][] = [[], [], [], []]
  const [said, truth]: [number[], boolean[]] = [[], []]
  const wins = { ridge: [] as number[], matching: [] as number[] }
  for (const seed of seeds) {
    const judgements = []
    for (const [name, scorer] of scorers) {
      const held = await keep(`${name}-seed-${seed}`, () => scoresOf(pairsOf(seed), scorer, seed))
      const { fits, scores, falseScores } = held
      const { probability, falseShare } = mixtureCalibration({ scores, falseScores })
      const probabilities = scores.map(probability)
      const shares = measure(probabilities, chooseThreshold(probabilities, { keep: 0.95 }), fits)
      judgements.push({ ...held, probabilities, shares, row: [...Object.values(shares), falseShare] })
    }
    const [byRidge, byMatch] = judgements as [(typeof judgements)[0], (typeof judgements)[0]]
    wins.ridge.push(...winsOf(byRidge))
    wins.matching.push(...winsOf(byMatch))
    const { dropped } = byMatch.shares
    lots!.push([
      dropped,
      byMatch.fits.filter(fit => !fit).length / byMatch.fits.length,
      dropped,
      dropped,
      0.5,
    ])
    ridge!.push(byRidge.row)
    const raw = byMatch.raw.map(raw => 1 / (1 + Math.exp(-raw)))
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
  const bins = reliability(said, truth).map(bin => [
    formatSpread([bin.said]),
    formatSpread([bin.isTrue]),
    `${bin.count}`,
  ])
  return {
    // Precision is that of the runs that dropped something.
    columns: ['dropped', 'precision', 'recall', 'lost', 'AUC', 'ECE', 'mismatches found'],
    ways,
    // The mismatches of every seed are others.
    posts: { ridge: [{ AUC: wins.ridge }], matching: [{ AUC: wins.matching }] },
    chosen: { ridge: scorers[0]![0], matching: scorers[1]![0] },
    more: markdownTable(['said, %', 'fitting, %', 'pairs'], bins, []),
  }
}

/** What a scorer says of pairs that it has not seen. */
async function scoresOf(pairs: Pair[], scorer: Scorer, seed: number, folds?: number) {
  const { judged, falseScores } = await scoreHeldOut(pairs, scorer, seed, folds)
  return {
    fits: judged.map(({ pair }) => pair.fits!),
    raw: judged.map(({ raw }) => raw),
    scores: judged.map(({ score }) => score),
    falseScores,
  }
}

/** Of every pair that fits, the share of the mismatches that it is scored above. */
function winsOf({ fits, scores }: { fits: readonly boolean[]; scores: readonly number[] }): number[] {
  const wrong = scores.filter((_, i) => !fits[i])
  return scores.flatMap((score, i) => (fits[i] ? [areaUnderRoc([score], wrong)!] : []))
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
    ridgeRegression(train)(penalty)(unseen).map(({ text, image }) => {
      const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
      return dot(text, image) / Math.sqrt(dot(text, text) * dot(image, image) || 1)
    })

/** The one that tells held-out pairs from exchanged ones best, which needs no label. */
async function choose(pairs: Pair[], scorers: readonly Named[], seed: number, keep: Keep): Promise<Named> {
  if (scorers.length === 1) return scorers[0]!
  let [chosen, best] = [scorers[0]!, -1]
  for (const [name, scorer] of scorers) {
    const held = await keep(`choose-${name}`, () => scoresOf(pairs, scorer, seed, 3))
    const auc = areaUnderRoc(held.scores, held.falseScores)!
    console.error(`${name}: AUC of pairs against exchanged ones ${auc.toFixed(3)}`)
    if (auc > best) [chosen, best] = [[name, scorer], auc]
  }
  return chosen
}

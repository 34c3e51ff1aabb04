import { chooseSetting, type NamedLearner } from './choose-setting'
import { judgePairs, withoutCalibration } from './judge-pairs'
import { type CleaningScores, drawingLots, measure, type ReliabilityBin, reliability } from './measures'
import { type EncodedPairs, pairUp, plantMismatches } from './pairs'
import type { LearnScorer } from './score-pairs'
import type { Goal } from './threshold'

/** One way to clean, and what each of its runs scored. */
export interface ComparedWay {
  name: string
  runs: CleaningScores[]
}

/** What a comparison gives. */
export interface Comparison {
  ways: ComparedWay[]
  /** Of all seeds together, with calibration and without. */
  reliability: { calibrated: ReliabilityBin[]; uncalibrated: ReliabilityBin[] }
}

/** How ways are compared. */
export interface CompareOptions {
  /** The pairs for a seed, all of them matching as far as is known. */
  source: (seed: number) => EncodedPairs
  /** Share of the pairs that becomes mismatches; the ways are not told. */
  share: number
  /** Chosen from with the first seed, by what needs no label. */
  matching: readonly NamedLearner[]
  ridge: readonly NamedLearner[]
  goal: Goal
  seeds: readonly number[]
  onNote?: (note: string) => void
}

/** Plants mismatches and measures how they are found. */
export async function compareWays({
  source,
  share,
  matching,
  ridge,
  goal,
  seeds,
  onNote = () => {},
}: CompareOptions): Promise<Comparison> {
  const runs = {
    'drawing lots': [] as CleaningScores[],
    'ridge regression, calibrated': [] as CleaningScores[],
    '@mafjs/match, not calibrated': [] as CleaningScores[],
    '@mafjs/match, calibrated': [] as CleaningScores[],
  }
  const truth: boolean[] = []
  const said = { calibrated: [] as number[], uncalibrated: [] as number[] }
  let chosen: { matching: LearnScorer; ridge: LearnScorer } | undefined
  for (const seed of seeds) {
    const encoded = source(seed)
    const pictures = plantMismatches(encoded, share, seed)
    const isMatch = pictures.map((picture, i) => picture === i)
    const pairs = pairUp(encoded, pictures)
    chosen ??= {
      matching: await chooseSetting(pairs, matching, { seed, onNote }),
      ridge: await chooseSetting(pairs, ridge, { seed, onNote }),
    }
    const linear = measure(await judgePairs(pairs, { learn: chosen.ridge, goal, seed }), isMatch)
    const judged = await judgePairs(pairs, { learn: chosen.matching, goal, seed })
    const bare = withoutCalibration(judged)
    const matched = measure(judged, isMatch)
    runs['drawing lots'].push(drawingLots(matched.dropped, isMatch))
    runs['ridge regression, calibrated'].push(linear)
    runs['@mafjs/match, not calibrated'].push(measure(bare, isMatch))
    runs['@mafjs/match, calibrated'].push(matched)
    truth.push(...isMatch)
    said.calibrated.push(...judged.probabilities)
    said.uncalibrated.push(...bare.probabilities)
    onNote(`seed ${seed}: ${pairs.groups.length} pairs, AUC ${matched.auc.toFixed(3)}`)
  }
  return {
    ways: Object.entries(runs).map(([name, runs]) => ({ name, runs })),
    reliability: {
      calibrated: reliability(said.calibrated, truth),
      uncalibrated: reliability(said.uncalibrated, truth),
    },
  }
}

import { areaUnderRoc } from '@mafjs/evaluate'
import type { Comparison } from '@mafjs/evaluate/evaluations'
import { flipTest } from './flip-test'
import { type PairAnswers, pairAccuracy } from './probe'

/** What is fixed of the test; PROTOCOL.md gives the reasons. */
export const TEST = {
  /** Of the trainings, all of which must be there. */
  seeds: [37, 38, 39],
  /** Of the pairs and of all that is drawn in the test. */
  seed: 2026,
  rounds: 10_000,
  level: 0.05,
} as const

/** A condition, with what was found. */
export interface Condition {
  condition: string
  found: number
  p?: number
  bySeed?: readonly number[]
  isMet: boolean
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** A figure of a seed's answers, given which pairs are turned round: own and exchanged picture have changed places. */
type Figure = (answers: readonly PairAnswers[]) => (turned: readonly boolean[]) => number

/** Accuracy with the own picture less that with the exchanged one. */
const accuracyGain: Figure = answers => {
  const gains = answers.map(answer => {
    const { own, exchanged } = pairAccuracy(answer)
    return own - exchanged
  })
  return turned => mean(gains.map((gain, i) => (turned[i] ? -gain : gain)))
}

/** AUC of all own matches against all exchanged ones: the mean of the AUCs of each pair's against each pair's, which are as many. */
const matchArea: Figure = answers => {
  const sides = answers.map(({ own, exchanged }) => [own, exchanged] as const)
  const areas = sides.map(a => sides.map(b => a.map(above => b.map(below => areaUnderRoc(above, below)!))))
  return turned =>
    mean(areas.flatMap((row, i) => row.map((area, j) => area[turned[i] ? 1 : 0]![turned[j] ? 0 : 1]!)))
}

/** One figure of the probe over seeds: more than nothing, by more than chance, and with every seed. */
function probeCondition(
  condition: string,
  bySeed: readonly (readonly PairAnswers[])[],
  figure: Figure,
  { none, rounds }: { none: number; rounds: number },
): Condition {
  const pairs = bySeed[0]!.length
  const unturned = new Array<boolean>(pairs).fill(false)
  const { seed, level } = TEST
  const figures = bySeed.map(figure)
  const overSeeds = (turned: readonly boolean[]): number => mean(figures.map(one => one(turned)))
  const { value, p } = flipTest(pairs, overSeeds, { none, rounds, seed })
  const each = figures.map(one => one(unturned))
  const isMet = value > none && p < level && each.every(one => one > none)
  return { condition, found: value, p, bySeed: each, isMet }
}

/** What the real posts must show: no worse, by either rule. */
const postConditions = (name: string, { strict, lenient }: Comparison): Condition[] =>
  Object.entries({ strict, lenient }).map(([rule, { difference, bootstrap }]) => ({
    condition: `real posts: F1 (${rule}) with pictures no lower than ${name}`,
    found: difference,
    p: bootstrap,
    isMet: difference >= 0,
  }))

/**
 * Whether the variant may ship: all conditions must be met.
 *
 * @param posts with pictures against the model of text alone, and against itself without pictures; the summed counts of all seeds
 * @param bySeed what each seed said of the pairs, which are the same for all
 * @param rounds of the tests of the probe
 */
export function judgeVariant(
  posts: Readonly<Record<string, Comparison>>,
  bySeed: readonly (readonly PairAnswers[])[],
  rounds: number = TEST.rounds,
): { conditions: Condition[]; ships: boolean } {
  const conditions = [
    ...Object.entries(posts).flatMap(([name, comparison]) => postConditions(name, comparison)),
    probeCondition(
      'probe: accuracy of the type, own picture less exchanged one, above 0',
      bySeed,
      accuracyGain,
      { none: 0, rounds },
    ),
    probeCondition('probe: AUC of match, own picture against exchanged one, above 0.5', bySeed, matchArea, {
      none: 0.5,
      rounds,
    }),
  ]
  return { conditions, ships: conditions.every(({ isMet }) => isMet) }
}

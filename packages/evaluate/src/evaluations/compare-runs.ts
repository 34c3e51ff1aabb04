import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { Counts } from '../entities/scores'
import { sumCounts } from '../entities/sentence-counts'
import { approximateRandomization } from '../significance/approximate-randomization'
import { pairedBootstrap } from '../significance/paired-bootstrap'
import { type SeedTest, seedTest } from '../significance/seed-test'
import type { SignificanceOptions } from '../significance/significance'
import type { EvaluationFolder } from './evaluation'
import { countsOf } from './predictions'

/** A model: its evaluations on the same sentences, one for each seed. */
export interface ComparedRuns {
  /** What it is called: its folder. */
  name: string
  runs: readonly EvaluationFolder[]
}

/** Two models under one rule, over sentences; the counts of several seeds are summed sentence by sentence. */
export interface RuleComparison {
  /** Micro F1, from 0 to 1. */
  f1: { a: number; b: number }
  /** `f1.b - f1.a` */
  difference: number
  /** The middle 95 % of the differences of resampled sentences. */
  interval: [low: number, high: number]
  /** Of the paired bootstrap, one-sided: see `pairedBootstrap`. */
  bootstrap: number
  /** Of approximate randomisation, two-sided: see `approximateRandomization`. */
  randomization: number
}

/** What `ner-maf compare` finds. */
export interface Comparison {
  kind: 'comparison'
  a: { name: string; seeds: number[] }
  b: { name: string; seeds: number[] }
  dataFingerprint: string
  sentences: number
  rounds: number
  seed: number
  strict: RuleComparison
  lenient: RuleComparison
  /** Over seeds; null where either has one run only. */
  seeds: { strict: SeedTest; lenient: SeedTest } | null
  /** Sentences for a person. */
  notes: string[]
}

/** Where two lists of sentences part, in words. */
function firstDifference(a: EvaluationFolder, b: EvaluationFolder): string {
  const line = (predictions: EvaluationFolder['predictions'], place: number): string => {
    const { id, length, gold, lenient } = predictions[place] ?? {}
    return JSON.stringify([id, length, gold, lenient?.gold])
  }
  const count = Math.max(a.predictions.length, b.predictions.length)
  const place = Array.from({ length: count }, (_, i) => i).find(
    i => line(a.predictions, i) !== line(b.predictions, i),
  )
  return place === undefined
    ? 'ids, lengths and entities are the same, so some word differs'
    : `the first sentence that differs is number ${place + 1}`
}

function assertSameData(a: ComparedRuns, b: ComparedRuns): void {
  const first = a.runs[0]!
  for (const { name, runs } of [a, b]) {
    for (const run of runs) {
      const { context } = run.evaluation
      const expected = first.evaluation.context
      if (context.dataFingerprint === expected.dataFingerprint) continue
      const shown = ({ data, split, sentences, dataFingerprint }: typeof context): string =>
        `${dataFingerprint} (${sentences} sentences, ${split} of ${data})`
      throw new InvalidArgumentError({
        argument: name,
        rule: `must be scored on the same words and labels as ${a.name}`,
        received: `${shown(context)} and ${shown(expected)}; ${firstDifference(first, run)}`,
        fix: 'Evaluate both models on the same split of the same data.',
      })
    }
  }
}

/** The counts of each sentence, summed over runs. */
function pooled(runs: readonly EvaluationFolder[], rule: 'strict' | 'lenient'): Counts[] {
  return runs[0]!.predictions.map((_, sentence) =>
    sumCounts(runs.map(({ predictions }) => countsOf(predictions[sentence]!, rule))),
  )
}

/** The seeds of a model's runs. */
const seedsOf = ({ runs }: ComparedRuns): number[] => runs.map(({ evaluation }) => evaluation.context.seed)

function notesOn(a: ComparedRuns, b: ComparedRuns): string[] {
  const notes: string[] = []
  const picturesOf = ({ runs }: ComparedRuns): string =>
    [...new Set(runs.map(({ evaluation }) => evaluation.context.pictureFingerprint))].join()
  if (picturesOf(a) !== picturesOf(b)) {
    notes.push('The two did not read the same picture files: see pictureFingerprint in their reports.')
  }
  for (const compared of [a, b]) {
    const seeds = seedsOf(compared)
    if (new Set(seeds).size < seeds.length)
      notes.push(`${compared.name} has a seed twice: ${seeds.join(', ')}.`)
  }
  return notes
}

/**
 * Compares two models that were scored on the same sentences: over sentences, and over seeds where both have several runs.
 *
 * @throws InvalidArgumentError where the data differs, or the models do not have as many runs.
 */
export function compareRuns(
  { a, b }: { a: ComparedRuns; b: ComparedRuns },
  { rounds = 10_000, seed = 37 }: SignificanceOptions = {},
): Comparison {
  if (a.runs.length === 0 || b.runs.length !== a.runs.length) {
    throw new InvalidArgumentError({
      argument: b.name,
      rule: `must have as many runs as ${a.name}, and at least one`,
      received: `${b.runs.length} and ${a.runs.length}`,
      fix: 'Train both with the same number of seeds, or compare single evaluations.',
    })
  }
  assertSameData(a, b)
  const compare = (rule: 'strict' | 'lenient'): RuleComparison => {
    const pair = { a: pooled(a.runs, rule), b: pooled(b.runs, rule) }
    const { f1, difference, interval, p } = pairedBootstrap(pair, { rounds, seed })
    const randomization = approximateRandomization(pair, { rounds, seed }).p
    return { f1, difference, interval, bootstrap: p, randomization }
  }
  const overSeeds = (rule: 'strict' | 'lenient'): SeedTest => {
    const scores = ({ runs }: ComparedRuns): number[] =>
      runs.map(({ evaluation }) => evaluation[rule].micro.f1)
    return seedTest({ a: scores(a), b: scores(b) }, { rounds, seed })
  }
  const { dataFingerprint, sentences } = a.runs[0]!.evaluation.context
  return {
    kind: 'comparison',
    a: { name: a.name, seeds: seedsOf(a) },
    b: { name: b.name, seeds: seedsOf(b) },
    dataFingerprint,
    sentences,
    rounds,
    seed,
    strict: compare('strict'),
    lenient: compare('lenient'),
    seeds: a.runs.length > 1 ? { strict: overSeeds('strict'), lenient: overSeeds('lenient') } : null,
    notes: notesOn(a, b),
  }
}

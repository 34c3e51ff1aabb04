import { markdownTable, type Spread, spreadOf } from '@mafjs/evaluate'
import type { ComparableRecord } from '../record/run-record'

/** One finished training of several. */
export interface SeedRun {
  seed: number
  /** The folder of its run, inside the summary's. */
  folder: string
  /** Tells its model from every other one. */
  digest: string
  bestEpoch: number
  /** What its best epoch scores, by name. */
  scores: Readonly<Record<string, number>>
}

/** `summary.json` of a folder with several seeds. */
export interface SeedsSummary {
  kind: 'seeds'
  /** What was trained: whoever goes on must ask for the same. */
  record: ComparableRecord
  /** Asked for; `runs` has those that are finished. */
  seeds: number[]
  runs: SeedRun[]
  /** Mean and deviation of every score over the finished runs; none before the first. */
  scores: Readonly<Record<string, Spread>>
}

/** How a summary is shown to people. */
export interface SeedsWords {
  /** A score as a text. @default four digits */
  show?: ((score: number) => string) | undefined
  /** Further sentences below the table. @default none */
  facts?: readonly string[] | undefined
}

/** A summary of the runs that are finished. */
export function summarize(
  record: ComparableRecord,
  seeds: readonly number[],
  finished: readonly SeedRun[],
): SeedsSummary {
  const runs = finished.filter(({ seed }) => seeds.includes(seed)).sort((a, b) => a.seed - b.seed)
  const spreads = Object.keys(runs[0]?.scores ?? {}).map(name => [
    name,
    spreadOf(runs.map(({ scores }) => scores[name]!)),
  ])
  return { kind: 'seeds', record, seeds: [...seeds], runs, scores: Object.fromEntries(spreads) }
}

/** A summary for people, in Markdown. */
export function formatSeeds(
  { seeds, runs, scores }: SeedsSummary,
  { show = score => String(Number(score.toPrecision(4))), facts = [] }: SeedsWords = {},
): string {
  const names = Object.keys(scores)
  const rows = runs.map(run => [
    `seed ${run.seed}`,
    String(run.bestEpoch),
    ...names.map(name => show(run.scores[name]!)),
  ])
  const spreads = Object.values(scores).map(({ mean, deviation }) =>
    deviation === null ? show(mean) : `${show(mean)} ±${show(deviation)}`,
  )
  return [
    `# ${runs.length} of ${seeds.length} seeds`,
    markdownTable(['', 'best epoch', ...names], [...rows, ['mean ± deviation', '', ...spreads]]),
    ['Deviation: of the sample, with n - 1.', ...facts].map(fact => `- ${fact}`).join('\n'),
  ].join('\n\n')
}

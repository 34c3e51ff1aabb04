import type { SplitName } from '@mafjs/data'
import { markdownTable, percent, type Spread, spread, spreadOf } from '@mafjs/evaluate'

/** Micro F1 under both rules, from 0 to 1. */
export interface BothRules {
  strict: number
  lenient: number
}

/** One finished training of several. */
export interface SeedRun {
  seed: number
  /** The checkpoint folder, inside the summary's. */
  model: string
  /** The folder of its evaluation, inside the summary's. */
  evaluation: string
  /** Tells the checkpoint from every other one. */
  digest: string
  bestEpoch: number
  /** On the validation split, where there is one. */
  validation: BothRules | null
  /** On the split that was evaluated. */
  f1: BothRules
}

/** What was trained: whoever goes on with a summary must ask for the same. */
export interface SeedsPlan {
  /** Version of `@mafjs/ner-maf`. */
  version: string
  /** The options of the run that bear on its result. */
  options: Record<string, unknown>
  /** Fingerprint of every split. */
  data: Record<string, string>
  /** The split that is evaluated. */
  split: SplitName
}

/** `summary.json` of a folder with several seeds. */
export interface SeedsSummary {
  kind: 'seeds'
  plan: SeedsPlan
  /** Asked for; `runs` has those that are finished. */
  seeds: number[]
  runs: SeedRun[]
  /** Over the finished runs: null before the first. */
  f1: { strict: Spread; lenient: Spread } | null
  validation: { strict: Spread; lenient: Spread } | null
}

function spreads(scores: readonly BothRules[]): SeedsSummary['f1'] {
  if (scores.length === 0) return null
  return {
    strict: spreadOf(scores.map(({ strict }) => strict)),
    lenient: spreadOf(scores.map(({ lenient }) => lenient)),
  }
}

/** A summary of the runs that are finished. */
export function summarize(
  plan: SeedsPlan,
  seeds: readonly number[],
  finished: readonly SeedRun[],
): SeedsSummary {
  const runs = finished.filter(({ seed }) => seeds.includes(seed)).sort((a, b) => a.seed - b.seed)
  return {
    kind: 'seeds',
    plan,
    seeds: [...seeds],
    runs,
    f1: spreads(runs.map(({ f1 }) => f1)),
    validation: spreads(runs.flatMap(({ validation }) => (validation ? [validation] : []))),
  }
}

/** A summary for people, in Markdown. */
export function formatSummary({ plan, seeds, runs, f1, validation }: SeedsSummary): string {
  const both = (scores: BothRules | null): string[] =>
    scores ? [percent(scores.strict), percent(scores.lenient)] : ['', '']
  const bothSpreads = (of: SeedsSummary['f1']): string[] =>
    of ? [spread(of.strict), spread(of.lenient)] : ['', '']
  const rows = runs.map(run => [
    `seed ${run.seed}`,
    String(run.bestEpoch),
    ...both(run.validation),
    ...both(run.f1),
  ])
  const titles = [
    'F1, %',
    'best epoch',
    'valid strict',
    'valid lenient',
    `${plan.split} strict`,
    `${plan.split} lenient`,
  ]
  return [
    `# ${runs.length} of ${seeds.length} seeds`,
    markdownTable(titles, [
      ...rows,
      ['mean ± deviation', '', ...bothSpreads(validation), ...bothSpreads(f1)],
    ]),
    'Deviation: of the sample, with n - 1. strict (IOB2): only `B-` opens an entity; lenient (CoNLL): a stray `I-` does too.',
    Object.entries(plan.data)
      .map(([split, fingerprint]) => `- ${split}: ${fingerprint}`)
      .join('\n'),
  ].join('\n\n')
}

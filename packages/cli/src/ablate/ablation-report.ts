import { holm, markdownTable, points, pValue, type SeedTest, type Spread, spread } from '@mafjs/evaluate'
import type { Comparison, RuleComparison } from '@mafjs/evaluate/evaluations'
import type { SeedsSummary } from '@mafjs/train'
import { bothRules } from '../seeds/train-seeds'
import { ABLATIONS, type AblationName } from './ablations'

/** A row against MAF (`a`). */
export interface AgainstMaf {
  strict: RuleComparison
  lenient: RuleComparison
  /** Over seeds; null for one seed. */
  seeds: { strict: SeedTest; lenient: SeedTest } | null
  /** `strict.randomization`, corrected for the number of rows. */
  holm: number
}

/** One row of the table. */
export interface AblationRow {
  name: AblationName
  title: string
  /** Its folder, inside the report's. */
  folder: string
  f1: { strict: Spread; lenient: Spread }
  validation: { strict: Spread; lenient: Spread } | null
  /** Null for MAF itself. */
  against: AgainstMaf | null
}

/** `report.json` of `ner-maf ablate`. */
export interface AblationReport {
  kind: 'ablation'
  split: string
  dataFingerprint: string
  sentences: number
  seeds: number[]
  rounds: number
  /** Of the tests. */
  seed: number
  rows: AblationRow[]
  /** Rows that were asked for and are not finished. */
  unfinished: AblationName[]
}

/** What a finished row is made of. */
export interface FinishedRow {
  name: AblationName
  folder: string
  summary: SeedsSummary
  /** With MAF as `a`; null for MAF itself. */
  comparison: Comparison | null
}

/** The rows with what is corrected for their number. */
export function ablationRows(finished: readonly FinishedRow[], split: string): AblationRow[] {
  const compared = finished.filter(({ comparison }) => comparison !== null)
  const corrected = holm(compared.map(({ comparison }) => comparison!.strict.randomization))
  return finished.map(row => {
    const { name, folder, summary, comparison } = row
    return {
      name,
      title: ABLATIONS[name].title,
      folder,
      f1: bothRules(summary, split)!,
      validation: bothRules(summary, 'valid'),
      against: comparison && {
        strict: comparison.strict,
        lenient: comparison.lenient,
        seeds: comparison.seeds,
        holm: corrected[compared.indexOf(row)]!,
      },
    }
  })
}

/** The table for people, in Markdown. */
export function formatAblation(report: AblationReport): string {
  const { split, dataFingerprint, sentences, seeds, rounds, seed, rows, unfinished } = report
  const against = ({ against: found }: AblationRow): string[] => {
    if (!found) return ['', '', '', '', '', '']
    const { strict, holm: corrected } = found
    return [
      points(strict.difference),
      `${points(strict.interval[0])} to ${points(strict.interval[1])}`,
      pValue(strict.bootstrap, 1 / rounds),
      pValue(strict.randomization),
      pValue(corrected),
      found.seeds ? pValue(found.seeds.strict.p) : '',
    ]
  }
  const table = markdownTable(
    [
      'F1, %',
      'valid strict',
      `${split} strict`,
      `${split} lenient`,
      'against MAF',
      '95 % interval',
      'p, bootstrap',
      'p, randomisation',
      'p, Holm',
      'p, seeds',
    ],
    rows.map(row => [
      row.title,
      row.validation ? spread(row.validation.strict) : '',
      spread(row.f1.strict),
      spread(row.f1.lenient),
      ...against(row),
    ]),
  )
  const floor = rows.find(row => row.against?.seeds)?.against?.seeds?.strict.floor
  return [
    '# Ablations',
    [
      `- ${split}: ${sentences} sentences, ${dataFingerprint}`,
      `- seeds ${seeds.join(', ')}: mean ± deviation of the sample`,
      ...(unfinished.length > 0 ? [`- not finished: ${unfinished.join(', ')}`] : []),
    ].join('\n'),
    table,
    [
      `Against MAF, strict rule: the counts of all seeds together, sentence by sentence; ${rounds} rounds, seed ${seed}.`,
      'Bootstrap: one-sided, share of samples whose gain is more than twice this one. Randomisation: two-sided, (r + 1) / (rounds + 1);',
      'Holm: that p, corrected for the number of rows. Seeds: permutation test of the runs' +
        (floor === undefined ? '.' : `; the smallest p it can give is ${pValue(floor)}.`),
    ].join('\n'),
  ].join('\n\n')
}

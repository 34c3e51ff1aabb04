import { markdownTable, percent, points, pValue } from '@mafjs/evaluate'
import type { EvaluationContext, RuleComparison } from '@mafjs/evaluate/evaluations'
import type { GateHistogram } from './gate-histogram'

/** What the posts are shown in place of their pictures. */
export const PROBES = ['true', 'blank', 'none', 'shuffled', 'foreign'] as const

/** One of {@link PROBES}. */
export type ProbeName = (typeof PROBES)[number]

/** One way of showing pictures. */
export interface ProbeResult {
  probe: ProbeName
  /** Posts that were read with a picture. */
  pictures: number
  /** Micro F1, from 0 to 1. */
  f1: { strict: number; lenient: number }
  /** Mean matching probability of posts with a picture; null without matching or pictures. */
  match: number | null
  /** Against the true pictures (`a`); null for those themselves. */
  against: { strict: RuleComparison; lenient: RuleComparison } | null
}

/** `report.json` of `ner-maf probe`. */
export interface ProbeReport {
  kind: 'probe'
  /** Of the evaluation with the true pictures. */
  context: EvaluationContext
  rounds: number
  seed: number
  probes: ProbeResult[]
  /** Posts that kept their own picture when pictures were shuffled. */
  unchanged: number
  /** How well the matching probability tells a post's own picture from another; null without matching. */
  auc: { shuffled: number | null; foreign: number | null }
  /** Of the true pictures; null without a gate. */
  gates: GateHistogram | null
  /** Sentences for a person. */
  notes: string[]
}

const MEANINGS: Record<ProbeName, string> = {
  true: 'own picture',
  blank: 'a picture of the mean colour',
  none: 'no picture',
  shuffled: "another post's picture",
  foreign: 'a picture of another folder',
}

const BAR = 40

function formatGates(gates: GateHistogram | null): string {
  const title = '## Gates'
  if (!gates) return `${title}\n\nThe model has no gate.`
  const { counts, values, mean, pieces } = gates
  const most = Math.max(...counts)
  const edge = (bin: number): string => (bin / counts.length).toFixed(1)
  const rows = counts.map((count, bin) => [
    `${edge(bin)} to ${edge(bin + 1)}`,
    `${percent(count / values)} %`,
    '#'.repeat(Math.round((BAR * count) / most)),
  ])
  return [
    title,
    `${pieces.count} word pieces of posts with a picture, every channel of each: mean ${mean.toFixed(3)}; the means of the pieces lie between ${pieces.lowest.toFixed(3)} and ${pieces.highest.toFixed(3)}.`,
    markdownTable(['gate', 'share', ''], rows, [0, 2]),
  ].join('\n\n')
}

/** The report for people, in Markdown. */
export function formatProbe(report: ProbeReport): string {
  const { context, rounds, seed, probes, unchanged, auc, gates, notes } = report
  const rows = probes.map(({ probe, pictures, f1, match, against }) => [
    MEANINGS[probe],
    String(pictures),
    percent(f1.strict),
    percent(f1.lenient),
    ...(against
      ? [
          points(against.strict.difference),
          `${points(against.strict.interval[0])} to ${points(against.strict.interval[1])}`,
          pValue(against.strict.bootstrap, 1 / rounds),
          pValue(against.strict.randomization),
        ]
      : ['', '', '', '']),
    match === null ? '' : percent(match),
  ])
  const area = (value: number | null): string => (value === null ? 'not known' : value.toFixed(3))
  return [
    '# Are the pictures used?',
    [
      `- model ${context.model}, seed ${context.seed}`,
      `- ${context.split} of ${context.data}: ${context.sentences} sentences, ${context.entities.strict} entities, ${context.dataFingerprint}`,
      ...notes.map(note => `- ${note}`),
    ].join('\n'),
    markdownTable(
      [
        'shown',
        'pictures',
        'F1 strict',
        'F1 lenient',
        'change, strict',
        '95 % interval',
        'p, bootstrap',
        'p, randomisation',
        'match, %',
      ],
      rows,
    ),
    `F1 in percent; ${rounds} rounds, seed ${seed}. ${unchanged} posts could be given no other picture when pictures were shuffled.`,
    '## Matching',
    `AUC of the matching probability, own picture against another post's: ${area(auc.shuffled)}; against one of another folder: ${area(auc.foreign)}. Chance is 0.5.`,
    formatGates(gates),
  ].join('\n\n')
}

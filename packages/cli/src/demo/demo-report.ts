import { type DemoCeilings, defaultShares, type PostKind, type ProbeResult } from '@mafjs/demo-corpus'
import type { DemoSize } from './demo-task'
import { DEMO_VARIANTS, type DemoPictures, type DemoVariant } from './demo-variants'
import type { VariantResult } from './train-variant'

/** A share as the demo prints it, in percent. */
export const percent = (share: number): string => (100 * share).toFixed(1)

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean, and from two seeds on the sample's standard deviation. */
function spread(values: readonly number[]): string {
  if (values.length < 2) return percent(mean(values))
  const centre = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
  return `${percent(centre)} ±${percent(Math.sqrt(variance))}`
}

const f1 = ({ test }: VariantResult): number => test.strict.micro.f1

const COLUMNS: readonly [title: string, kind: PostKind][] = [
  ['text decides', 'text'],
  ['picture decides', 'picture'],
  ['picture misleads', 'mismatch'],
]

/** What the rows of the table are made of. */
export interface DemoFigures {
  results: readonly VariantResult[]
  ceilings: DemoCeilings
}

/** What the introduction tells of. */
export interface DemoOutline {
  size: DemoSize
  quick: boolean
  seeds: readonly number[]
  ceilings: DemoCeilings
  /** What a linear probe on mean colour tells of the pictures. */
  probe: ProbeResult
  pictures: DemoPictures
}

/** How long one seed takes on two fast cores. */
const MINUTES: Record<DemoPictures, Record<'full' | 'quick', number>> = {
  cnn: { full: 1.2, quick: 0.5 },
  patches: { full: 7, quick: 2.5 },
}

/** Half minutes as a person says them. */
function duration(minutes: number): string {
  if (minutes < 1) return 'half a minute'
  const whole = Math.round(minutes)
  return whole === 1 ? 'a minute' : `${whole} minutes`
}

const ENCODERS: Record<DemoPictures, string> = {
  cnn: 'a CNN, trained too',
  patches: 'a patch encoder, since tfjs trains no CNN in this time',
}

/** What is about to be done, and what the best readers of such posts could reach. */
export function demoIntroduction({ size, quick, seeds, ceilings, probe, pictures }: DemoOutline): string {
  const { text, picture, mismatch } = defaultShares
  const share = (part: number): string => `${Math.round(100 * part)} %`
  const { entities, decidedByPicture, textOnly, pictureTrusted, textAndPicture } = ceilings
  return [
    'MAF on a corpus made here: posts that name people (PER), places (LOC), brands (ORG) and pets or things (MISC), beside',
    'drawn pictures. A name alone tells nothing: Jordan may be any of the four.',
    `- ${size.train} posts to train on, ${size.valid} to choose the epoch by, ${size.test} to measure on; no name of one split is in another.`,
    `- In ${share(text)} of the posts the words tell the type and the picture agrees, in ${share(picture)} only the picture tells it, in ${share(mismatch)} the words tell it`,
    '  and the picture misleads; the rest have no picture or no name.',
    `- Of the ${entities} names of the test split, only the picture decides ${decidedByPicture}. So a reader of the words reaches at most ${percent(textOnly)} % F1,`,
    `  one who believes every picture ${percent(pictureTrusted)} %, one who knows which to believe ${percent(textAndPicture)} %.`,
    `- Mean colour gives nothing away: a linear probe on it names ${percent(probe.accuracy)} % of the pictures' types, a guess ${percent(probe.chance)} %.`,
    `Training ${DEMO_VARIANTS.join(', ')} from random weights, side by side: ${size.epochs} epochs, ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}.`,
    `Pictures go through ${ENCODERS[pictures]}.`,
    `This takes about ${duration(seeds.length * MINUTES[pictures][quick ? 'quick' : 'full'])} on two fast cores, three times that on slow ones${quick ? ': enough to see it work, too little for its best figures' : ''}.`,
  ].join('\n')
}

/** How much of the way from a text-only model to the ceiling of text and picture MAF goes, per seed. */
export function gapClosed({ results, ceilings }: DemoFigures): number[] {
  const of = (variant: DemoVariant): VariantResult[] => results.filter(result => result.variant === variant)
  return of('MAF').flatMap(maf => {
    const text = of('text only').find(({ seed }) => seed === maf.seed)
    return text ? [(f1(maf) - f1(text)) / (ceilings.textAndPicture - f1(text))] : []
  })
}

/** The demo's table, in Markdown: strict F1 in percent on the test split, over all posts and by kind. */
export function demoTable({ results, ceilings }: DemoFigures): string {
  const variants = DEMO_VARIANTS.filter(variant => results.some(result => result.variant === variant))
  const rows = variants.map(variant => {
    const runs = results.filter(result => result.variant === variant)
    const kinds = COLUMNS.map(([, kind]) => spread(runs.map(({ byKind }) => byKind[kind] ?? 0)))
    return [variant, spread(runs.map(f1)), ...kinds]
  })
  const shuffled = results.flatMap(result => (result.shuffled ? [result.shuffled.strict.micro.f1] : []))
  if (shuffled.length > 0) {
    rows.push(['MAF, every picture exchanged', spread(shuffled), '', '', ''])
  }
  rows.push(['ceiling of text only', percent(ceilings.textOnly), '', '', ''])
  rows.push(['ceiling, every picture believed', percent(ceilings.pictureTrusted), '', '', ''])
  rows.push(['ceiling of text + picture', percent(ceilings.textAndPicture), '', '', ''])
  const header = ['strict F1, %', 'all posts', ...COLUMNS.map(([title]) => title)]
  const table = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? `${'-'.repeat(width + 2)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** The mean matching probability of MAF over its seeds, where the picture belongs and where it misleads. */
function meanMatches({ results }: DemoFigures): { matching: number; misleading: number } {
  const matches = results.flatMap(({ variant, match }) => (variant === 'MAF' && match ? [match] : []))
  return {
    matching: mean(matches.map(({ matching }) => matching)),
    misleading: mean(matches.map(({ misleading }) => misleading)),
  }
}

/** What closes the report: how far MAF came, and what its matching module thinks. */
export function demoConclusion(figures: DemoFigures): string {
  const closed = gapClosed(figures).map(share => `${(100 * share).toFixed(0)} %`)
  const seeds = closed.length > 1 ? ` (seed by seed: ${closed.join(', ')})` : ''
  const { matching, misleading } = meanMatches(figures)
  return [
    'CA is the alignment of text and picture, CM the matching of the two. Every figure is the strict F1 on the test split.',
    `MAF closes ${(100 * mean(gapClosed(figures))).toFixed(0)} % of the gap from text only to the ceiling of text + picture${seeds}.`,
    `It holds that text and picture belong together with ${percent(matching)} % where they do, with ${percent(misleading)} % where the picture misleads.`,
  ].join('\n')
}

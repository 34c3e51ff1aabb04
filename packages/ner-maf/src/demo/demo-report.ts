import type { TaggedPost } from '../predict/tag-posts'
import type { DemoCeilings, PostKind, ShowcasePost } from './corpus'
import type { DemoVariant } from './demo-variants'
import type { VariantResult } from './train-variant'

const percent = (share: number): string => (100 * share).toFixed(1)

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
  const variants = [...new Set(results.map(({ variant }) => variant))]
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
  rows.push(['ceiling of text + picture', percent(ceilings.textAndPicture), '', '', ''])
  const header = ['strict F1, %', 'all posts', ...COLUMNS.map(([title]) => title)]
  const table = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? `${'-'.repeat(width + 2)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** A few posts as a person reads them. */
export function describeShowcase(posts: readonly ShowcasePost[], tagged: readonly TaggedPost[]): string {
  return posts
    .map((post, row) => {
      const { entities, match } = tagged[row]!
      const name = (start: number, end: number): string =>
        post.text.slice(post.offsets[start]![0], post.offsets[end - 1]![1])
      const found = entities.map(
        ({ type, start, end, score }) => `${name(start, end)} is ${type} (${percent(score)} %)`,
      )
      const gold = post.entities.map(({ type, start, end }) => `${name(start, end)} ${type}`).join(', ')
      const shows = post.pictureClass ? `beside a picture of class ${post.pictureClass}` : 'without a picture'
      const belongs = match === null ? '' : `; text and picture match: ${percent(match)} %`
      return [
        `  "${post.text}" ${shows}`,
        `    MAF: ${found.length > 0 ? found.join(', ') : 'no entity'}${belongs}   (made as: ${gold}; ${post.title})`,
      ].join('\n')
    })
    .join('\n')
}

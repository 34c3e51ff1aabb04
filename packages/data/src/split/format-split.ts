import { markdownTable, percent } from '@mafjs/evaluate'
import { quoted } from '../posts/data-error'
import type { SplitReport } from './split-run'

/** A split's report for people, in Markdown. */
export function formatSplit({ groups, related, pictures, wanted, counts, seed }: SplitReport): string {
  const names = (['train', 'valid', 'test'] as const).filter(name => wanted[name] !== undefined)
  const table = markdownTable(
    ['', ...names, 'in all'],
    [
      ['wanted, %', ...names.map(name => percent(wanted[name]!)), ''],
      ...counts.map(({ of, total, ...own }) => [
        /^[\w -]*$/.test(of) ? of : quoted(of, 40),
        ...names.map(name => `${own[name]!} (${total === 0 ? '-' : percent(own[name]! / total)} %)`),
        String(total),
      ]),
    ],
  )
  const unknown = [
    [pictures.missing, 'not in the images folder'],
    [pictures.broken, 'that cannot be decoded'],
  ].filter(([count]) => Number(count) > 0)
  return [
    `${groups.count} groups, seed ${seed}. ${groups.several} have several posts, ${groups.posts} in all; the largest has ${groups.largest}.`,
    `Posts that belong to others: ${related.byText} by their words, ${related.byPicture} by their pictures.`,
    ...unknown.map(([count, what]) => `Pictures ${what}: ${count}; they are told apart by name.`),
    '',
    table,
  ].join('\n')
}

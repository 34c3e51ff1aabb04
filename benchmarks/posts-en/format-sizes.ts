import { markdownTable } from '@mafjs/evaluate'
import { CUTS } from './recut'
import { TYPES } from './sources'
import type { WrittenPosts } from './write-posts'

/** Markdown tables of what was written: posts and entities by set and split, what was left out, and what was cut otherwise. */
export function formatSizes({ sizes, leftOut, cuts }: WrittenPosts): string {
  const change = (before: number, after: number): string =>
    before === after ? String(after) : `${before} -> ${after}`
  const rows = sizes.map(({ set, split, before, after }) => [
    set,
    split,
    change(before.posts, after.posts),
    ...TYPES.map(type => change(before.entities[type], after.entities[type])),
  ])
  const pairs = leftOut.map(({ from, kept, count }) => [from, kept, String(count)])
  const changed = cuts.map(({ set, counts, silent }) => [
    set,
    ...CUTS.map(kind => String(counts[kind])),
    String(silent),
  ])
  return [
    markdownTable(['set', 'split', 'posts', ...TYPES], rows),
    markdownTable(['left out of', 'since it stands in', 'posts'], pairs),
    markdownTable(['set', ...CUTS, 'handles that are O'], changed),
  ].join('\n\n')
}

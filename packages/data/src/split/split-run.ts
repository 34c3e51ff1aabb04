import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { withLock, writeFolder } from '@mafjs/tensor/files'
import type { SplitName } from '../dataset'
import { writingFormat } from '../formats/writing-format'
import { groupBy } from '../group-by'
import { typesOf } from '../posts/labels'
import type { Post } from '../posts/post'
import { reportOf } from '../reading/read-examples'
import type { Reading } from '../reading/read-file'
import { readWithoutLoss } from '../reading/read-without-loss'
import { reportLines } from '../report-lines'
import { assertNewFolder, NEW_FOLDER } from '../writing/assert-new-folder'
import { dealGroups } from './deal-groups'
import { type RelatedOptions, type RelatedPosts, relatedPosts } from './related-posts'

/** What is parted into splits, and how. */
export interface SplitRunOptions extends RelatedOptions, Omit<Reading, 'labels'> {
  /** A file of posts. */
  data: string
  /** The folder to write; it must not exist. */
  out: string
  /** The share of the posts that becomes the validation split. @default 0.1 */
  valid?: number | undefined
  /** The share of the posts that becomes the test split. @default 0.1 */
  test?: number | undefined
  /** Of the order in which posts are dealt out. @default 37 */
  seed?: number | undefined
}

/** How often something is there, in all and in each split. */
export type SplitCounts = { of: string; total: number } & Partial<Record<SplitName, number>>

/** What was parted, as plain JSON. */
export interface SplitReport extends Pick<RelatedPosts, 'related' | 'pictures'> {
  /** What reading met that a person should know. */
  notes: string[]
  seed: number
  /** Groups that were kept together: how many, those of several posts, the posts in these, and the posts of the largest. */
  groups: { count: number; several: number; posts: number; largest: number }
  /** The share of the posts that each split was to have. */
  wanted: Partial<Record<SplitName, number>>
  /** Posts, posts that name a picture, entities of each type, and posts of each class. */
  counts: SplitCounts[]
}

/** Of pictures that posts have where they are read, and not where they are written again. */
const IN_FILE =
  'pictures stand in the file itself and are not in the splits: ner-maf convert writes them into a folder'

const kindsOf = ({ label, labels = [], pictures = [] }: Post): string[] => [
  ...labels.filter(label => label.startsWith('B-')),
  ...(label === undefined ? [] : [`class ${label}`]),
  ...(pictures.length > 0 ? ['picture'] : []),
]

const classesOf = (posts: readonly Post[]): string[] =>
  [...new Set(posts.flatMap(({ label }) => label ?? []))].sort()

function assertShares(shares: ReadonlyMap<SplitName, number>): void {
  for (const [argument, share] of shares) {
    if (share >= 0 && share < 1) continue
    throw new InvalidArgumentError({ argument, rule: 'must be from 0 to below 1', received: share })
  }
  const sum = [...shares.values()].reduce((a, b) => a + b, 0)
  if (sum < 1) return
  throw new InvalidArgumentError({
    argument: 'test',
    rule: 'must leave posts to train on: valid and test together are below 1',
    received: sum,
  })
}

/**
 * Parts a file of posts into a folder with train, valid and test, so that near-duplicates, reposts and posts with the same picture are
 * in one of them, each has its share of the posts and of every entity type as well as that allows, and the same seed gives the same
 * bytes. Posts stay as their file has them; those of other tools are written as JSONL.
 *
 * @throws InvalidArgumentError for a file that cannot be read without loss, a folder that is there already, shares that leave nothing
 * to train on, or too few groups to have one in each split; nothing is written then.
 */
export function splitRun(options: SplitRunOptions): Promise<SplitReport> {
  return withLock(options.out, { command: 'ner-maf split' }, () => splitInto(options))
}

async function splitInto(options: SplitRunOptions): Promise<SplitReport> {
  const { data, out, valid = 0.1, test = 0.1, seed = 37, images, threads, onPictures, ...reading } = options
  const asked = new Map<SplitName, number>([
    ['valid', valid],
    ['test', test],
  ])
  assertShares(asked)
  await assertNewFolder(out, [data, ...(images === undefined ? [] : [images])], 'out')
  const read = await readWithoutLoss(data, reading)
  const { posts } = read
  const { groups, ...related } = await relatedPosts(posts, { images, threads, onPictures })
  const wanted = [['train', 1 - valid - test] as const, ...asked].filter(([, share]) => share > 0)
  const dealt = posts.map((post, i) => ({ group: groups[i]!, kinds: kindsOf(post) }))
  const parts = dealGroups(
    dealt,
    wanted.map(([, share]) => share),
    seed,
  )
  const splits = wanted.map(([name], part) => [name, posts.filter((_, i) => parts[i] === part)] as const)
  const sizes = [...groupBy(groups, group => group).values()].map(({ length }) => length)
  const several = sizes.filter(size => size > 1)
  const report: SplitReport = {
    notes: [
      ...reportLines({ name: 'read', examples: posts, report: reportOf(read) }),
      ...(read.pictures?.size ? [`${read.pictures.size} ${IN_FILE}`] : []),
    ],
    seed,
    groups: {
      ...{ count: sizes.length, several: several.length },
      ...{ posts: several.reduce((a, b) => a + b, 0), largest: Math.max(...sizes) },
    },
    ...related,
    wanted: Object.fromEntries(wanted),
    counts: [
      countIn('posts', splits, () => 1),
      countIn('with a picture', splits, ({ pictures = [] }) => Number(pictures.length > 0)),
      ...typesOf(posts).map(type =>
        countIn(type, splits, ({ labels = [] }) => labels.filter(label => label === `B-${type}`).length),
      ),
      ...classesOf(posts).map(name =>
        countIn(`class ${name}`, splits, ({ label }) => Number(label === name)),
      ),
    ],
  }
  const empty = splits.find(([, own]) => own.length === 0)
  if (empty) {
    throw new InvalidArgumentError({
      argument: data,
      rule: `must have groups of posts for every split: ${empty[0]} got none`,
      received: `${posts.length} posts in ${sizes.length} groups, the largest of ${report.groups.largest}`,
      fix: 'Add posts, or ask for fewer splits.',
    })
  }
  const { write, suffixes } = writingFormat(read)
  const files = splits.map(([name, own]) => [`${name}${suffixes[0]}`, own.map(write).join('')])
  await writeFolder(out, Object.fromEntries(files), { kind: NEW_FOLDER })
  return report
}

/** Counts something in each split. */
function countIn(
  of: string,
  splits: readonly (readonly [SplitName, readonly Post[]])[],
  count: (post: Post) => number,
): SplitCounts {
  const counts = splits.map(
    ([name, posts]) => [name, posts.reduce((sum, post) => sum + count(post), 0)] as const,
  )
  return { of, total: counts.reduce((sum, [, own]) => sum + own, 0), ...Object.fromEntries(counts) }
}

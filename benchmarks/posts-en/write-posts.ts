import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readExamples } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { type CutCounts, noCuts, recut } from './recut'
import { labelledTypes, type PostType, SOURCES, type Source, SPLITS, type SplitName, TYPES } from './sources'
import { type LeftOut, withoutCopies } from './without-copies'

/** From where to where, and how. */
export interface WritePostsOptions {
  /** The folder of the sets. */
  data: string
  /** The folder to write. */
  out: string
  /** Whether a handle that is labelled O counts as such, or as a word that the annotators said nothing of. */
  handles: 'as labelled' | 'unlabelled'
  /** @default all four */
  sources?: readonly Source[]
}

/** A post on its way. */
interface PlacedPost {
  id: string
  set: string
  split: SplitName
  words: string[]
  labels: string[]
  types: PostType[] | undefined
  /** Where handles stand that were left O. */
  silent: number[]
}

/** How many posts and entities there are. */
export interface Size {
  posts: number
  entities: Record<PostType, number>
}

/** What was written. */
export interface WrittenPosts {
  /** By set and split, as cut anew, before and after copies were left out. */
  sizes: { set: string; split: SplitName; before: Size; after: Size }[]
  leftOut: LeftOut[]
  /** By set, what was cut anew, and how many handles are labelled O. */
  cuts: { set: string; counts: CutCounts; silent: number }[]
}

/** A label with our type. */
function mapLabel(label: string, { types, name }: Source): string {
  if (label === 'O') return label
  const type = types.get(label.slice(2))
  if (type !== undefined) return label.slice(0, 2) + type
  throw new InvalidArgumentError({
    argument: name,
    rule: `must have entities of ${[...types.keys()].join(', ')}`,
    received: label,
    fix: 'Say in sources.ts which of our types it is.',
  })
}

/** The posts of a split, cut and labelled as the model has them. */
async function readSplit(
  source: Source,
  split: SplitName,
  data: string,
  counts: CutCounts,
): Promise<PlacedPost[]> {
  const { name: set, scheme = 'bio' } = source
  const { file, apart, stretch = [0, 1] } = source.splits[split]
  const { examples } = await readExamples(join(data, set, file), { scheme })
  const [from, to] = stretch.map(share => Math.round(share * examples.length))
  const types = labelledTypes(source)
  return examples.slice(from, to).map(post => {
    const labels = post.labels!.map(label => mapLabel(label, source))
    const cut = recut({ words: post.words, labels }, counts, { apart })
    const silent = cut.words.flatMap((word, at) =>
      !source.labelsHandles && /^@\w+$/.test(word) && cut.labels[at] === 'O' ? [at] : [],
    )
    return { id: `${set}-${split}-${post.source.line}`, set, split, ...cut, types, silent }
  })
}

function sizeOf(posts: readonly PlacedPost[]): Size {
  const begun = posts.flatMap(({ labels }) => labels.filter(label => label.startsWith('B-')))
  const counted = TYPES.map(type => [type, begun.filter(label => label === `B-${type}`).length])
  return { posts: posts.length, entities: Object.fromEntries(counted) as Record<PostType, number> }
}

/**
 * Writes the posts of all sets, cut as the splitter `tweet` cuts users' texts, without those that stand in two sets or splits: a
 * folder with `train.jsonl` and `valid.jsonl` of all sets, and `SET/valid.jsonl` and `SET/test.jsonl` of each. The same files
 * give the same bytes. A post has `labelledTypes` where its annotators did not label all, and `unlabelledTokens` where they
 * said nothing of some.
 *
 * @throws InvalidArgumentError for a set that cannot be read, or has a type that its table does not know.
 */
export async function writePosts(options: WritePostsOptions): Promise<WrittenPosts> {
  const { data, out, handles, sources = SOURCES } = options
  const posts: PlacedPost[] = []
  const cuts: WrittenPosts['cuts'] = []
  for (const source of sources) {
    const counts = noCuts()
    const own: PlacedPost[] = []
    for (const split of SPLITS) own.push(...(await readSplit(source, split, data, counts)))
    cuts.push({ set: source.name, counts, silent: own.flatMap(({ silent }) => silent).length })
    posts.push(...own)
  }
  const { kept, leftOut } = withoutCopies(posts)
  const of = (all: readonly PlacedPost[], split: SplitName, set?: string): PlacedPost[] =>
    all.filter(post => post.split === split && (set === undefined || post.set === set))
  const write = async (chosen: readonly PlacedPost[], ...path: string[]): Promise<void> => {
    const lines = chosen.map(({ id, words: tokens, labels, types, silent }) => {
      const unlabelledTokens = handles === 'unlabelled' && silent.length > 0 ? silent : undefined
      return `${JSON.stringify({ id, tokens, labels, labelledTypes: types, unlabelledTokens })}\n`
    })
    await writeFile(join(out, ...path), lines.join(''))
  }
  await mkdir(out, { recursive: true })
  await write(of(kept, 'train'), 'train.jsonl')
  await write(of(kept, 'valid'), 'valid.jsonl')
  for (const { name } of sources) {
    await mkdir(join(out, name), { recursive: true })
    for (const split of ['valid', 'test'] as const) await write(of(kept, split, name), name, `${split}.jsonl`)
  }
  const sizes = sources.flatMap(({ name: set }) =>
    SPLITS.map(split => {
      const [before, after] = [posts, kept].map(all => sizeOf(of(all, split, set))) as [Size, Size]
      return { set, split, before, after }
    }),
  )
  return { sizes, leftOut, cuts }
}

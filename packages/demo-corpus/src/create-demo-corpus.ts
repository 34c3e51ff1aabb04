import { InvalidArgumentError } from '@mafjs/tensor'
import { buildSplit } from './build-split'
import { type DemoCeilings, demoCeilings } from './ceilings'
import type { DemoPost } from './demo-post'
import { defaultShares, type PostShares, planPosts } from './kinds'
import { type PostPicture, renderPostPicture } from './post-picture'
import { createNamePools, largestPool } from './sentences/names'
import { demoVocabulary } from './sentences/vocabulary'

/** The three splits of the corpus. */
export const demoSplits = ['train', 'valid', 'test'] as const

/** A split of the corpus. */
export type DemoSplit = (typeof demoSplits)[number]

/** How large the corpus is and what it is made of. */
export interface DemoCorpusOptions {
  /** An integer from 0 to 2^32 - 1; another seed gives other names, posts and pictures. @default 1 */
  seed?: number | undefined
  /** Posts to train on. @default 2000 */
  train?: number | undefined
  /** Posts to choose by. @default 300 */
  valid?: number | undefined
  /** Posts to measure on. @default 500 */
  test?: number | undefined
  /** The share of every kind of post. @default defaultShares */
  shares?: PostShares | undefined
  /** The share of posts with a name that get a second name, whose type the words tell. @default 0.13 */
  secondNames?: number | undefined
}

/** The corpus: posts, and pictures that are drawn when asked for. */
export interface DemoCorpus extends Record<DemoSplit, DemoPost[]> {
  /** WordPiece vocabulary, cased; a piece's place is its id. */
  vocabulary: string[]
  /** The best F1 possible on each split with text only and with text and picture. */
  ceilings: Record<DemoSplit, DemoCeilings>
  /** RGB bytes `[size, size, 3]` of a post's picture (size 56 by default); undefined for a post without one. */
  pictures: (post: PostPicture, size?: number) => Promise<Uint8Array | undefined>
}

/** Picture seeds count on over the splits, in a block of this size per corpus seed, so that none occurs twice. */
export const pictureSeedsPerCorpus = 2 ** 20

const nicknameCount = 300

function checkOptions(options: Required<Omit<DemoCorpusOptions, 'shares'>>): void {
  const check = (argument: keyof typeof options, holds: boolean, rule: string) => {
    if (!holds) throw new InvalidArgumentError({ argument, rule, received: options[argument] })
  }
  const { seed, secondNames } = options
  check(
    'seed',
    Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32,
    'must be an integer from 0 to 4294967295',
  )
  check('secondNames', secondNames >= 0 && secondNames <= 1, 'must be a share from 0 to 1')
  for (const split of demoSplits) {
    const posts = options[split]
    check(
      split,
      Number.isInteger(posts) && posts >= 0 && posts * 4 <= pictureSeedsPerCorpus,
      `must be a whole number of posts up to ${pictureSeedsPerCorpus / 4}`,
    )
  }
}

/**
 * Makes the demo's corpus: tweet-like posts whose names can be a person, a place, a brand or a pet, beside pictures.
 *
 * Everything follows from the seed. No word of a name in one split occurs in another split; names, decorations and habits
 * of writing are independent of the types; types are dealt out in turn within every kind of post.
 *
 * @throws InvalidArgumentError for a seed, size or share out of range.
 */
export function createDemoCorpus({
  seed = 1,
  train = 2000,
  valid = 300,
  test = 500,
  shares = defaultShares,
  secondNames = 0.13,
}: DemoCorpusOptions = {}): DemoCorpus {
  checkOptions({ seed, train, valid, test, secondNames })
  const sizes = { train, valid, test }
  // a name for every three posts: each comes back with other types, so learning names by heart gains nothing
  const poolSize = (posts: number) => Math.min(largestPool, Math.max(12, Math.ceil(posts / 3)))
  const { nicknames, pools } = createNamePools({
    seed,
    sizes: demoSplits.map(split => poolSize(sizes[split])),
    nicknames: nicknameCount,
  })
  let firstPictureSeed = seed * pictureSeedsPerCorpus
  const build = (split: DemoSplit): DemoPost[] => {
    const plan = planPosts(sizes[split], shares, { seed, site: `demo/${split}/order` })
    const names = pools[demoSplits.indexOf(split)]!
    const posts = buildSplit({ seed, split, plan, names, nicknames, secondNames, firstPictureSeed })
    firstPictureSeed += sizes[split]
    return posts
  }
  const splits = { train: build('train'), valid: build('valid'), test: build('test') }
  return {
    ...splits,
    vocabulary: demoVocabulary(),
    ceilings: {
      train: demoCeilings(splits.train),
      valid: demoCeilings(splits.valid),
      test: demoCeilings(splits.test),
    },
    pictures: renderPostPicture,
  }
}

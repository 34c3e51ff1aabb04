import { permutation } from '@mafjs/tensor'
import { SHOWN_TYPE, TRAINING_NAMES } from './ambiguous-names'
import { type Draws, openDraws } from './draws'
import { SHOWN, type Shown } from './find-pictures'
import type { MadePicture } from './write-pictures'

/** A post as `writePosts` of posts-en writes it. */
export interface OpenPost {
  id: string
  tokens: string[]
  labels: string[]
  /** The types that its annotators labelled. @default all */
  labelledTypes?: string[] | undefined
  /** Words that they said nothing of. */
  unlabelledTokens?: number[] | undefined
}

/** A post joined with a picture; without one where there is no `image`. */
export interface JoinedPost extends OpenPost {
  image?: string
}

/** How posts and pictures are joined. */
export const SHARES = {
  /** Of the posts: without any picture; with one that shows something else on purpose. */
  without: 0.2,
  mismatched: 0.27,
  /** Of the posts with a fitting picture: their entity gets an ambiguous name, its type stays. */
  renamed: 0.25,
} as const

/** What may be seen of an entity of a type. */
const SEEN: ReadonlyMap<string, Shown> = new Map([
  ['PER', 'person'],
  ['LOC', 'place'],
  ['ORG', 'organisation'],
  ['MISC', 'product'],
])

/** A name before which these stand is no open question. */
const TELLING = /^(?:in|at|from|to|near|of|by|via|the|a|mr|mrs|dr|@)$/i

interface EntityRange {
  type: string
  start: number
  end: number
}

function entitiesOf(labels: readonly string[]): EntityRange[] {
  return labels.flatMap((label, start) => {
    if (!label.startsWith('B-')) return []
    let end = start + 1
    while (labels[end] === `I-${label.slice(2)}`) end++
    return [{ type: label.slice(2), start, end }]
  })
}

/** The pictures of a split, to choose from. */
function openShelf(pictures: readonly MadePicture[]) {
  const by = new Map<Shown, MadePicture[]>(SHOWN.map(shown => [shown, []]))
  const named = new Map<string, MadePicture[]>()
  for (const picture of pictures) {
    by.get(picture.shown)!.push(picture)
    for (const word of picture.words) named.set(word, [...(named.get(word) ?? []), picture])
  }
  const ofKind = (shown: Shown, draws: Draws): string => draws.of(by.get(shown)!).image
  return {
    ofKind,
    /** The picture of an entity: the country's flag, the organisation's logo, else any of its kind. */
    ofEntity(type: string, words: readonly string[], draws: Draws): string {
      const shown = SEEN.get(type)!
      const wanted: Shown = type === 'LOC' ? 'country' : shown
      const names = [
        words.join(' ').toLowerCase(),
        ...words.map(word => word.replace(/^[#@]/, '').toLowerCase()),
      ]
      const own = names.flatMap(name => named.get(name) ?? []).filter(one => one.shown === wanted)
      return own.length > 0 ? draws.of(own).image : ofKind(shown, draws)
    },
    /** A picture of what one of the words names; else any. */
    ofWords(words: readonly string[], draws: Draws): string {
      const own = words.flatMap(word => named.get(word.toLowerCase()) ?? [])
      return own.length > 0 ? draws.of(own).image : ofKind(draws.of(SHOWN), draws)
    },
  }
}

/** The names of a split that can be several things. */
const namesOf = (split: 'train' | 'valid') =>
  TRAINING_NAMES.map(([a, b, names]) => {
    const own = names.split(' ').filter((_, i) => (i % 6 === 5) === (split === 'valid'))
    return { kinds: [a, b] as const, names: own }
  })

/** Another name in an entity's place; where words stand that nobody labelled is moved along. */
function rename(post: OpenPost, { type, start, end }: EntityRange, name: string): OpenPost {
  const shift = end - start - 1
  return {
    ...post,
    tokens: [...post.tokens.slice(0, start), name, ...post.tokens.slice(end)],
    labels: [...post.labels.slice(0, start), `B-${type}`, ...post.labels.slice(end)],
    unlabelledTokens: post.unlabelledTokens?.map(at => (at < end ? at : at - shift)),
  }
}

/** A whole post with its picture. */
function joinPost(
  post: OpenPost,
  draws: Draws,
  shelf: ReturnType<typeof openShelf>,
  names: ReturnType<typeof namesOf>,
): JoinedPost {
  const drawn = draws.number()
  if (drawn < SHARES.without) return post
  const entities = entitiesOf(post.labels)
  const isMismatched = drawn < SHARES.without + SHARES.mismatched
  if (entities.length === 0) {
    const image = isMismatched ? shelf.ofKind(draws.of(SHOWN), draws) : shelf.ofWords(post.tokens, draws)
    return { ...post, image }
  }
  const entity = draws.of(entities)
  const { type, start, end } = entity
  if (isMismatched) {
    const others = SHOWN.filter(shown => SHOWN_TYPE[shown] !== type)
    return { ...post, image: shelf.ofKind(draws.of(others), draws) }
  }
  const image = shelf.ofEntity(type, post.tokens.slice(start, end), draws)
  const fitting = names.filter(({ kinds }) => kinds.includes(SEEN.get(type)!))
  if (!draws.chance(SHARES.renamed)) return { ...post, image }
  return { ...rename(post, entity, draws.of(draws.of(fitting).names)), image }
}

/** How many words on either side of a name a glimpse has. */
const AROUND = 2

/** A name with at most two plain words on either side, where those do not say what it is; none where there is no such place. */
function glimpseOf(post: OpenPost, draws: Draws): { before: string[]; after: string[] } | undefined {
  const entities = entitiesOf(post.labels)
  if (entities.length === 0) return undefined
  const { start, end } = draws.of(entities)
  if (TELLING.test(post.tokens[start - 1] ?? '')) return undefined
  const isPlain = (at: number): boolean =>
    post.labels[at] === 'O' && /^[\p{L}'’.,!?]+$/u.test(post.tokens[at]!)
  let [from, to] = [start, end]
  while (from > 0 && start - from < AROUND && isPlain(from - 1)) from--
  while (to < post.tokens.length && to - end < AROUND && isPlain(to)) to++
  return { before: post.tokens.slice(from, start), after: post.tokens.slice(end, to) }
}

/** A glimpse whose name's type only its picture says, since it is drawn whatever the words are. */
function joinGlimpse(
  post: OpenPost,
  draws: Draws,
  shelf: ReturnType<typeof openShelf>,
  names: ReturnType<typeof namesOf>,
): JoinedPost | undefined {
  const glimpse = glimpseOf(post, draws)
  if (!glimpse) return undefined
  const { before, after } = glimpse
  const { kinds, names: own } = draws.of(names)
  const shown = draws.of(kinds)
  const plain = (words: readonly string[]): string[] => words.map(() => 'O')
  return {
    id: `${post.id}-glimpse`,
    tokens: [...before, draws.of(own), ...after],
    labels: [...plain(before), `B-${SHOWN_TYPE[shown]}`, ...plain(after)],
    image: shelf.ofKind(shown, draws),
  }
}

/**
 * Joins the posts of a split with pictures, deterministic by seed: some with what one of their entities is, some with something else,
 * some with none; and adds glimpses, which are ambiguous by construction.
 *
 * @param most posts of the split, drawn; glimpses are made of the others, and of these where there are not enough
 */
export function joinPosts(
  posts: readonly OpenPost[],
  pictures: readonly MadePicture[],
  { split, most, glimpses, seed }: { split: 'train' | 'valid'; most: number; glimpses: number; seed: number },
): JoinedPost[] {
  const shelf = openShelf(pictures.filter(picture => picture.split === split))
  const names = namesOf(split)
  const order = permutation(posts.length, { seed, site: `posts-en-pictures.${split}` }).map(i => posts[i]!)
  const joined = order
    .slice(0, most)
    .map((post, step) => joinPost(post, openDraws(seed, `${split}.post`, step), shelf, names))
  const made: JoinedPost[] = []
  for (const [step, post] of [...order.slice(most), ...order.slice(0, most)].entries()) {
    if (made.length === glimpses) break
    const one = joinGlimpse(post, openDraws(seed, `${split}.glimpse`, step), shelf, names)
    if (one) made.push(one)
  }
  return [...joined, ...made]
}

import type { HostArray } from '@mafjs/compile'
import { type Crf, type CrfNumbers, crfMarginals, latticeOf, viterbi } from '@mafjs/crf'
import type { WindowRow } from '@mafjs/data'
import type { MafConfig } from '../model/config'
import { type ScoredEntity, scoredEntities } from './scored-entities'
import type { WindowScores } from './window-scores'
import type { WordMaps } from './word-maps'

/** What the model says of one post. */
export interface TaggedPost {
  /** One label per word of the post; words cut off by the length limit are `O`. */
  labels: string[]
  entities: ScoredEntity[]
  /**
   * Probability that text and picture belong together, of several windows their mean by words; null without a picture or a
   * matching module.
   */
  match: number | null
  /** Words that did not fit into the model's length; none of them can be part of an entity. */
  cutWords: number
  /** How many windows the post was read in. */
  windows: number
  /** Of each word that was read why it has its label, where that was asked for. */
  explained?: ExplainedTag[]
}

/** Why a word has its label. */
export interface ExplainedTag extends WordMaps {
  /** Of each label that a word can have, in the order of `wordLabels`, over all paths. */
  probabilities: number[]
}

/** What decoding asks of a model. */
export interface TaggingModel {
  config: MafConfig
  parts: { crf: Crf | CrfNumbers }
}

/** A post as the CRF goes through it: its windows one after another. */
interface PostSteps {
  words: number
  /** The step each kept word begins at; one more entry for the end of the last word. */
  steps: number[]
  emissions: Float32Array[]
  match: number | null
  windows: number
  /** Of each kept word. */
  maps: WordMaps[]
}

/** Puts the windows of a post together again. */
function joinWindows(windows: readonly WindowScores[], labels: number, words: number): PostSteps {
  const steps: number[] = []
  let before = 0
  let end = 0
  for (const { emissions, starts, end: last } of windows) {
    for (const start of starts) steps.push(before + start)
    end = before + last
    before += emissions.length / labels
  }
  return {
    words,
    steps: [...steps, end],
    emissions: windows.map(({ emissions }) => emissions),
    match: meanMatch(windows),
    windows: windows.length,
    maps: windows.flatMap(({ maps = [] }) => maps),
  }
}

/** All windows have the post's pictures, or none has. */
function meanMatch(windows: readonly WindowScores[]): number | null {
  const [first, ...others] = windows
  if (others.length === 0 || first!.match === null) return first!.match
  const words = windows.reduce((sum, { starts }) => sum + starts.length, 0)
  return windows.reduce((sum, { match, starts }) => sum + match! * starts.length, 0) / words
}

/** Emissions `[batch, steps, labels]` and mask `[batch, steps]` of whole posts. */
function padSteps(
  posts: readonly PostSteps[],
  labels: number,
): { emissions: HostArray<Float32Array>; mask: HostArray<Float32Array> } {
  const lengths = posts.map(({ emissions }) =>
    emissions.reduce((sum, { length }) => sum + length / labels, 0),
  )
  const longest = Math.max(...lengths)
  const emissions = new Float32Array(posts.length * longest * labels)
  const mask = new Float32Array(posts.length * longest)
  for (const [row, { emissions: windows }] of posts.entries()) {
    let at = row * longest * labels
    for (const window of windows) {
      emissions.set(window, at)
      at += window.length
    }
    mask.fill(1, row * longest, row * longest + lengths[row]!)
  }
  return {
    emissions: { data: emissions, shape: [posts.length, longest, labels] },
    mask: { data: mask, shape: [posts.length, longest] },
  }
}

/** Posts that are decoded at once: their emissions are padded to the longest. */
const AT_ONCE = 64

/**
 * Labels and entities of posts from the scores of their windows, in the order of the posts. A post longer than the model reads
 * has several windows: each word's emissions come from the window in which it has the most context on its nearer side, and
 * the CRF decodes the whole post once, so that entities may cross from one window into the next.
 *
 * @param rows all windows of each post, one after another
 * @param scores one for each row
 * @param options `explain`: whether each word comes with why it has its label. @default false
 */
export async function decodePosts(
  model: TaggingModel,
  rows: readonly Pick<WindowRow, 'post' | 'isFirst'>[],
  scores: readonly WindowScores[],
  options: { explain?: boolean | undefined } = {},
): Promise<TaggedPost[]> {
  const { labels } = model.config
  const posts: PostSteps[] = []
  for (let from = 0; from < rows.length; ) {
    let to = from + 1
    while (to < rows.length && !rows[to]!.isFirst) to += 1
    posts.push(joinWindows(scores.slice(from, to), labels.length, rows[from]!.post.words.length))
    from = to
  }
  const tagged: TaggedPost[] = []
  for (let from = 0; from < posts.length; from += AT_ONCE) {
    tagged.push(...(await decodeSome(model, posts.slice(from, from + AT_ONCE), options)))
  }
  return tagged
}

async function decodeSome(
  { config, parts }: TaggingModel,
  posts: readonly PostSteps[],
  { explain = false }: { explain?: boolean | undefined },
): Promise<TaggedPost[]> {
  const { emissions, mask } = padSteps(posts, config.labels.length)
  // Paths and probabilities are found on the numbers: no engine is needed for them, and none has to wait.
  const lattice = await latticeOf(parts.crf, emissions, mask)
  const { paths } = viterbi(lattice)
  const sentences = paths.map((path, row) => {
    const { steps } = posts[row]!
    const labels = steps.slice(0, -1).map(step => {
      const label = config.labels[path[step]!]!
      return isOutside(label) ? 'O' : label
    })
    return { path, labels, steps }
  })
  const entities = scoredEntities(sentences, lattice, config.labels)
  const marginals = explain ? crfMarginals(lattice) : undefined
  const fold = folding(config.labels)
  return posts.map(({ words, match, windows, maps }, row) => {
    const { labels } = sentences[row]!
    const cutWords = words - labels.length
    return {
      labels: [...labels, ...new Array<string>(cutWords).fill('O')],
      entities: entities[row]!,
      match,
      cutWords,
      windows,
      ...(marginals && {
        explained: labels.map((_, word) => ({
          probabilities: fold(marginals[row]![sentences[row]!.steps[word]!]!),
          ...maps[word]!,
        })),
      }),
    }
  })
}

/** The published scheme also has labels for padding, continuation pieces and the two special tokens: no word is given one. */
const isOutside = (label: string): boolean => !/^[BI]-/.test(label)

/** The labels that a word can have, in the order of a model's labels; what else the CRF knows counts as O. */
export const wordLabels = (labels: readonly string[]): string[] =>
  labels.filter(label => label === 'O' || !isOutside(label))

/** Makes what brings the probabilities of all labels to those that a word can have. */
function folding(labels: readonly string[]): (probabilities: readonly number[]) => number[] {
  const names = wordLabels(labels)
  const places = labels.map(label => names.indexOf(isOutside(label) ? 'O' : label))
  return probabilities => {
    const folded = names.map(() => 0)
    for (const [label, place] of places.entries()) folded[place] = folded[place]! + probabilities[label]!
    return folded
  }
}

import type { HostArray } from '@mafjs/compile'
import { viterbi } from '@mafjs/crf'
import { type Example, windowsOf } from '@mafjs/data'
import type { WordTokenizer } from '@mafjs/encoders'
import { createEagerRunner } from '../engine/eager-runner'
import type { ModelRunner } from '../engine/model-runner'
import type { LoadPictures } from '../model/batch-arrays'
import type { MafConfig } from '../model/config'
import type { Maf, MafParts } from '../model/maf'
import { latticeOf } from './lattice-of'
import { type ScoredEntity, scoredEntities } from './scored-entities'
import { scoreWindows, type WindowScores } from './tag-windows'
import type { AbortOptions } from './until-aborted'

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
}

/** What tagging asks of a model beside its emissions. */
export interface TaggingModel {
  config: MafConfig
  parts: Pick<MafParts, 'crf'>
}

/** What tags posts. */
export type TaggerOptions = AbortOptions & {
  tokenizer: WordTokenizer
  /** The pictures of some posts; without it no post has one. */
  loadPictures?: LoadPictures
  /** Word pieces that two windows of a long post share at most. @default a long post is cut */
  windowOverlap?: number
} & (
    | {
        model: TaggingModel
        /** Runs this model. @default kernel by kernel on the active tfjs backend, where the model is whole */
        runner: ModelRunner
      }
    | { model: Maf; runner?: undefined }
  )

/** Most windows that are computed at once, where there are more of them than posts. */
const WINDOWS_AT_ONCE = 16

/** A post as the CRF goes through it: its windows one after another. */
interface PostSteps {
  /** The step each kept word begins at; one more entry for the end of the last word. */
  steps: number[]
  emissions: Float32Array[]
  match: number | null
  windows: number
}

/** Puts the windows of a post together again. */
function joinWindows(windows: readonly WindowScores[], labels: number): PostSteps {
  const steps: number[] = []
  let before = 0
  let end = 0
  for (const { emissions, starts, end: last } of windows) {
    for (const start of starts) steps.push(before + start)
    end = before + last
    before += emissions.length / labels
  }
  return {
    steps: [...steps, end],
    emissions: windows.map(({ emissions }) => emissions),
    match: meanMatch(windows),
    windows: windows.length,
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

/** Computes every window of some posts. */
async function scorePosts(examples: readonly Example[], options: TaggerOptions): Promise<PostSteps[]> {
  const { model, tokenizer, loadPictures, windowOverlap, signal } = options
  const runner = options.runner === undefined ? createEagerRunner(options.model) : options.runner
  const pictures = await loadPictures?.(examples)
  const windows = examples.flatMap((example, post) => {
    const own = windowsOf(example, { tokenizer, ...(windowOverlap !== undefined && { windowOverlap }) })
    return own.map((window, i) => ({ ...window, post, isFirst: i === 0, isLast: i === own.length - 1 }))
  })
  const scored: WindowScores[][] = examples.map(() => [])
  const atOnce = Math.max(examples.length, WINDOWS_AT_ONCE)
  for (let from = 0; from < windows.length; from += atOnce) {
    signal?.throwIfAborted()
    const some = windows.slice(from, from + atOnce)
    const scores = await scoreWindows(some, { model, runner, tokenizer, ...(pictures && { pictures }) })
    for (const [i, { post }] of some.entries()) scored[post]!.push(scores[i]!)
  }
  return scored.map(list => joinWindows(list, model.config.labels.length))
}

/**
 * Tags one batch of posts; the order of the results is that of the posts. With `windowOverlap` a post longer than the model
 * reads is read in windows: each word's emissions come from the window in which it has the most context on its nearer side,
 * and the CRF decodes the whole post once, so that entities may cross from one window into the next.
 */
export async function tagPosts(examples: readonly Example[], options: TaggerOptions): Promise<TaggedPost[]> {
  const { config, parts } = options.model
  const posts = await scorePosts(examples, options)
  const { emissions, mask } = padSteps(posts, config.labels.length)
  // Paths and probabilities are found on the numbers: no engine is needed for them, and none has to wait.
  const lattice = await latticeOf(parts.crf, emissions, mask)
  const { paths } = viterbi(lattice)
  const sentences = paths.map((path, row) => {
    const { steps } = posts[row]!
    const labels = steps.slice(0, -1).map(step => {
      const label = config.labels[path[step]!]!
      // The published scheme also has labels for padding, continuation pieces and the two special tokens.
      return /^[BI]-/.test(label) ? label : 'O'
    })
    return { path, labels, steps }
  })
  const entities = scoredEntities(sentences, lattice, config.labels)
  return examples.map(({ words }, row) => {
    const { labels } = sentences[row]!
    const { match, windows } = posts[row]!
    const cutWords = words.length - labels.length
    return {
      labels: [...labels, ...new Array<string>(cutWords).fill('O')],
      entities: entities[row]!,
      match,
      cutWords,
      windows,
    }
  })
}

import type { HostArray } from '@mafjs/compile'
import { chooseExchanges } from '@mafjs/match'
import type { Post } from './draw-posts'
import { SUBJECT_NAMES } from './draw-posts'
import { BANDS, MOST_FRAMES } from './draw-sound'

/** Ids of the words of posts. */
export interface Vocabulary {
  size: number
  /** 0 pads, 1 begins a text, 2 is a word that is not known. */
  idOf(word: string): number
}

/** What stands before every text. */
export const START = 1

/** The words of posts that a model is trained on. */
export function vocabularyOf(posts: readonly Post[]): Vocabulary {
  const words = [...new Set(posts.flatMap(post => post.words))].sort()
  const ids = new Map(words.map((word, i) => [word, i + 3]))
  return { size: words.length + 3, idOf: word => ids.get(word) ?? 2 }
}

/** The longest text, with what stands before it. */
const MOST_TOKENS = 11

/** Posts as arrays, which `@mafjs/compile` takes where a function takes tensors. */
export interface PostArrays {
  text: { ids: HostArray; mask: HostArray }
  sound: { frames: HostArray; mask: HostArray }
}

/** The same with what training needs to know. */
export interface TrainingArrays extends PostArrays {
  /** `[batch, subjects]`, 1 at the right one. */
  subjects: HostArray
  /** Whose sound every post hears, and whether it is its own; see `@mafjs/match`. */
  exchanges: { partners: Int32Array; labels: Float32Array }
}

/** Posts of different lengths as one batch; where a post has no sound, its row of the mask is zeros. */
export function batchPosts(posts: readonly Post[], vocabulary: Vocabulary): PostArrays {
  const batch = posts.length
  const ids = new Int32Array(batch * MOST_TOKENS)
  const wordMask = new Float32Array(batch * MOST_TOKENS)
  const frames = new Float32Array(batch * MOST_FRAMES * BANDS)
  const frameMask = new Float32Array(batch * MOST_FRAMES)
  for (const [row, { words, sound }] of posts.entries()) {
    const tokens = [START, ...words.map(vocabulary.idOf)]
    ids.set(tokens, row * MOST_TOKENS)
    wordMask.fill(1, row * MOST_TOKENS, row * MOST_TOKENS + tokens.length)
    if (!sound) continue
    frames.set(sound.frames, row * MOST_FRAMES * BANDS)
    frameMask.fill(1, row * MOST_FRAMES, row * MOST_FRAMES + sound.count)
  }
  return {
    text: {
      ids: { data: ids, shape: [batch, MOST_TOKENS] },
      mask: { data: wordMask, shape: [batch, MOST_TOKENS] },
    },
    sound: {
      frames: { data: frames, shape: [batch, MOST_FRAMES, BANDS] },
      mask: { data: frameMask, shape: [batch, MOST_FRAMES] },
    },
  }
}

/** A batch to learn from; seed and step decide which sounds are exchanged to teach matching. */
export function trainingBatch(
  posts: readonly Post[],
  vocabulary: Vocabulary,
  key: { seed: number; step: number },
): TrainingArrays {
  const subjects = new Float32Array(posts.length * SUBJECT_NAMES.length)
  for (const [row, { subject }] of posts.entries()) subjects[row * SUBJECT_NAMES.length + subject] = 1
  const ids = posts.map(({ sound }, row) => (sound ? row : null))
  const partners = chooseExchanges({ ids, ...key })
  return {
    ...batchPosts(posts, vocabulary),
    subjects: { data: subjects, shape: [posts.length, SUBJECT_NAMES.length] },
    exchanges: { partners, labels: Float32Array.from(partners, (partner, row) => Number(partner === row)) },
  }
}

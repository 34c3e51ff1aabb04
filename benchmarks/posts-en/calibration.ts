import type { Entity, Post } from '@mafjs/data'
import { isLabelledInPart, predictionsToScore } from '@mafjs/data'
import { extractSpans } from '@mafjs/evaluate'
import { calibrationError, type ReliabilityBin, reliability } from '@mafjs/evaluate/calibration'
import type { MafAnnotator } from '@mafjs/ner-maf'

/** What scores of entities are worth: of those that say 0.9, nine in ten should be right. */
export interface Calibration {
  entities: number
  bins: ReliabilityBin[]
  /** Expected calibration error, from 0 to 1. */
  error: number
}

/** Where each word begins in the words joined by spaces. */
function startsOf(words: readonly string[]): Map<number, number> {
  let at = 0
  return new Map(
    words.map((word, index) => {
      const start = at
      at += word.length + 1
      return [start, index]
    }),
  )
}

/** What a model says of the entities that it found where posts were labelled, and whether each is one of theirs. */
export interface JudgedEntities {
  said: number[]
  isRight: boolean[]
}

/** An entity by words, with its score. */
export type ScoredWords = Entity & { score: number }

/** Judges the entities that were found in labelled posts, one list for each, by words and type. */
export function judgeEntities(
  posts: readonly Post[],
  found: readonly (readonly ScoredWords[])[],
): JudgedEntities {
  const judged: JudgedEntities = { said: [], isRight: [] }
  for (const [at, post] of posts.entries()) {
    const gold = new Set(
      extractSpans(post.labels!, 'lenient').map(({ type, start, end }) => `${type} ${start} ${end}`),
    )
    for (const { type, start, end, score } of found[at]!) {
      if (isLabelledInPart(post) && !isScored(post, type, start, end)) continue
      judged.said.push(score)
      judged.isRight.push(gold.has(`${type} ${start} ${end}`))
    }
  }
  return judged
}

/** What the scores of the entities are worth that a model finds in labelled posts. */
export async function calibrationOf(maf: MafAnnotator, posts: readonly Post[]): Promise<Calibration> {
  const found: ScoredWords[][] = []
  for await (const result of maf.annotateMany(
    posts.map(({ words }) => ({ text: words.join(' '), tokens: words })),
  )) {
    if (!('annotation' in result)) throw result.error
    const starts = startsOf(result.post.tokens)
    found.push(
      result.annotation.entities.map(({ type, start, text, score }) => {
        const first = starts.get(start)!
        return { type, start: first, end: first + text.split(' ').length, score }
      }),
    )
  }
  const { said, isRight } = judgeEntities(posts, found)
  return { entities: said.length, bins: reliability(said, isRight), error: calibrationError(said, isRight) }
}

/** Whether an entity stands where its post was labelled for it. */
function isScored(post: Post, type: string, start: number, end: number): boolean {
  const labels = post.words.map((_, word) => {
    if (word < start || word >= end) return 'O'
    return word === start ? `B-${type}` : `I-${type}`
  })
  return predictionsToScore([post], [labels])[0]![start] !== 'O'
}

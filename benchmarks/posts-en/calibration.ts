import type { Post } from '@mafjs/data'
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

/** Scores of the entities that a model finds in labelled posts, and whether each is one of theirs, by words and type. */
export async function calibrationOf(maf: MafAnnotator, posts: readonly Post[]): Promise<Calibration> {
  const said: number[] = []
  const isRight: boolean[] = []
  const inputs = posts.map(({ words }) => ({ text: words.join(' '), tokens: words }))
  let at = 0
  for await (const result of maf.annotateMany(inputs)) {
    const post = posts[at++]!
    if (!('annotation' in result)) throw result.error
    const starts = startsOf(post.words)
    const gold = new Set(
      extractSpans(post.labels!, 'lenient').map(({ type, start, end }) => `${type} ${start} ${end}`),
    )
    for (const { type, start, text, score } of result.annotation.entities) {
      const first = starts.get(start)!
      const last = first + text.split(' ').length
      if (isLabelledInPart(post) && !isScored(post, type, first, last)) continue
      said.push(score)
      isRight.push(gold.has(`${type} ${first} ${last}`))
    }
  }
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

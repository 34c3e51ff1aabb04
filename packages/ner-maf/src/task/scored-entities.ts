import { type Lattice, spanProbabilities } from '@mafjs/crf'
import type { Entity } from '@mafjs/data'
import { extractSpans } from '@mafjs/evaluate'

/** An entity with the probability of exactly its span and type. */
export interface ScoredEntity extends Entity {
  /** From 0 to 1, by constrained forward-backward. */
  score: number
}

/** One sentence as it was decoded. */
export interface DecodedSentence {
  /** BIO labels of the words. */
  labels: readonly string[]
  /** The best path over the CRF's steps. */
  path: readonly number[]
  /** The step each word begins at; one more entry for the end of the last word. */
  steps: readonly number[]
}

/**
 * The entities of every sentence, each with the probability of exactly that span: its own labels, and after them anything
 * but a label that would continue it.
 *
 * @param names of the CRF's labels, by id
 */
export function scoredEntities(
  sentences: readonly DecodedSentence[],
  lattice: Lattice,
  names: readonly string[],
): ScoredEntity[][] {
  const entities = sentences.map(({ labels }) => extractSpans(labels, 'lenient'))
  const probabilities = spanProbabilities(
    lattice,
    entities.map((list, row) => {
      const { path, steps } = sentences[row]!
      return list.map(({ type, start, end }) => {
        const inside = names.indexOf(`I-${type}`)
        return {
          start: steps[start]!,
          labels: path.slice(steps[start], steps[end]),
          ...(inside >= 0 && { notNext: inside }),
        }
      })
    }),
  )
  return entities.map((list, row) => list.map((entity, i) => ({ ...entity, score: probabilities[row]![i]! })))
}

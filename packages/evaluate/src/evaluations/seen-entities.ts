import { extractSpans, type Span } from '../entities/spans'

/** How many gold entities there are and how many were found, both by the strict rule. */
export interface Found {
  gold: number
  correct: number
  /** `correct / gold`; 0 where there is none. */
  recall: number
}

/**
 * Recall over the gold entities that the training split has and those it does not have. An entity's form is its words with
 * one space between them, in the case they are written in.
 */
export interface SeenEntities {
  /** What was looked through. */
  train: { fingerprint: string; sentences: number; forms: number }
  /** The form is an entity of the training split: the next two together. */
  seen: Found
  /** The form is an entity of this type there. */
  sameType: Found
  /** The form is an entity there, but of other types only. */
  otherType: Found
  /** The form is no entity there. */
  unseen: Found
}

/** A sentence with a label for every word. */
export interface LabelledWords {
  words: readonly string[]
  labels: readonly string[]
}

/** What is looked up and compared. */
export interface SeenEntitiesInputs {
  /** The training split, with what tells it from others. */
  train: { fingerprint: string; posts: readonly LabelledWords[] }
  /** The posts that were tagged, with their gold labels. */
  posts: readonly LabelledWords[]
  /** `[post][word]` */
  predicted: readonly (readonly string[])[]
}

type Group = 'sameType' | 'otherType' | 'unseen'

const formOf = (words: readonly string[], { start, end }: Span): string => words.slice(start, end).join(' ')

const keyOf = ({ type, start, end }: Span): string => `${start} ${end} ${type}`

const found = (gold: number, correct: number): Found => ({
  gold,
  correct,
  recall: gold === 0 ? 0 : correct / gold,
})

/** Tells how many entities were found of those that stand in the training split too, and of the new ones. */
export function seenEntities({ train, posts, predicted }: SeenEntitiesInputs): SeenEntities {
  const types = new Map<string, Set<string>>()
  for (const { words, labels } of train.posts) {
    for (const span of extractSpans(labels, 'strict')) {
      const form = formOf(words, span)
      types.set(form, (types.get(form) ?? new Set()).add(span.type))
    }
  }
  const counts: Record<Group, [gold: number, correct: number]> = {
    sameType: [0, 0],
    otherType: [0, 0],
    unseen: [0, 0],
  }
  for (const [post, { words, labels }] of posts.entries()) {
    const right = new Set(extractSpans(predicted[post]!, 'strict').map(keyOf))
    for (const span of extractSpans(labels, 'strict')) {
      const known = types.get(formOf(words, span))
      const group: Group = !known ? 'unseen' : known.has(span.type) ? 'sameType' : 'otherType'
      counts[group][0]++
      if (right.has(keyOf(span))) counts[group][1]++
    }
  }
  const { sameType, otherType, unseen } = counts
  return {
    train: { fingerprint: train.fingerprint, sentences: train.posts.length, forms: types.size },
    seen: found(sameType[0] + otherType[0], sameType[1] + otherType[1]),
    sameType: found(...sameType),
    otherType: found(...otherType),
    unseen: found(...unseen),
  }
}

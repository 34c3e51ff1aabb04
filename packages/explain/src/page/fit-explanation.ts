import type { ExplainedWord, Explanation } from '../explanation'
import { type PackedExplanation, packExplanation } from '../packed-explanation'

/** What is left out of a page that would be too large, one after the other, and what is said of it. */
const LESS: readonly { note: string; of: (word: ExplainedWord, isInEntity: boolean) => ExplainedWord }[] = [
  {
    note: 'To keep this page small, the maps of single heads are left out for words outside of entities.',
    of: (word, isInEntity) => (isInEntity ? word : withoutHeads(word)),
  },
  { note: 'To keep this page small, the maps of single heads are left out.', of: withoutHeads },
  {
    note: 'To keep this page small, maps are left out for words outside of entities, and those of single heads.',
    of: (word, isInEntity) =>
      isInEntity ? withoutHeads(word) : { ...word, attention: null, occlusion: null },
  },
  {
    note: 'To keep this page small, all maps are left out.',
    of: word => ({ ...word, attention: null, occlusion: null }),
  },
]

function withoutHeads(word: ExplainedWord): ExplainedWord {
  return { ...word, attention: word.attention && { mean: word.attention.mean, heads: [] } }
}

/**
 * Packs an explanation into so many signs of JSON, without some of its maps where it must be, which its notes then say. A text
 * that is longer than that alone stays whole.
 *
 * @param elsewhere says where all of them are
 */
export function fitExplanation(explanation: Explanation, most: number, elsewhere: string): PackedExplanation {
  const whole = packExplanation(explanation)
  if (JSON.stringify(whole).length <= most) return whole
  const { entities } = explanation
  let packed = whole
  for (const { note, of } of LESS) {
    const words = explanation.words.map(word =>
      of(
        word,
        entities.some(({ start, end }) => word.start < end && start < word.end),
      ),
    )
    packed = packExplanation({ ...explanation, words, notes: [...explanation.notes, `${note} ${elsewhere}`] })
    if (JSON.stringify(packed).length <= most) break
  }
  return packed
}

import type { ExplainedEntity, Explanation } from '../explanation'

/** A piece of a text: what stands between words, a word by its index, or an entity with the pieces that it is made of. */
export type TextRun =
  | { kind: 'gap'; text: string }
  | { kind: 'word'; word: number }
  | { kind: 'entity'; entity: ExplainedEntity; runs: TextRun[] }

/**
 * Cuts a text into words, entities and what stands between them; joined again the pieces are the text, whatever their borders are.
 */
export function textRuns({
  text,
  words,
  entities,
}: Pick<Explanation, 'text' | 'words' | 'entities'>): TextRun[] {
  const root: TextRun[] = []
  const inOrder = [...entities].sort((a, b) => a.start - b.start)
  let place = 0
  let open: { entity: ExplainedEntity; runs: TextRun[] } | undefined
  for (const [word, { start, end }] of words.entries()) {
    const entity = inOrder.find(one => one.start <= start && start < one.end)
    const gap = text.slice(place, start)
    const goesOn = entity !== undefined && entity === open?.entity
    if (!goesOn) open = entity && { entity, runs: [] }
    if (gap !== '') (goesOn ? open!.runs : root).push({ kind: 'gap', text: gap })
    if (open && !goesOn) root.push({ kind: 'entity', ...open })
    const runs = open ? open.runs : root
    runs.push({ kind: 'word', word })
    place = end
  }
  if (place < text.length) root.push({ kind: 'gap', text: text.slice(place) })
  return root
}

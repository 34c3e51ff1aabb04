import type { GalleryMatch } from '../error-gallery'

/** A piece of a text, and whether an error lies there. */
export interface TextPart {
  text: string
  isWrong: boolean
}

/** Cuts a text where errors begin and end; joined again the parts are the text. */
export function textParts(text: string, errors: readonly GalleryMatch[]): TextPart[] {
  const spans = errors.flatMap(({ gold, predicted }) => [gold ?? [], predicted ?? []].flat())
  const borders = [0, text.length, ...spans.flatMap(({ start, end }) => [start, end])]
  const cuts = [...new Set(borders)].sort((a, b) => a - b)
  const parts: TextPart[] = []
  for (const [i, start] of cuts.slice(0, -1).entries()) {
    const piece = text.slice(start, cuts[i + 1])
    const isWrong = spans.some(span => span.start <= start && start < span.end)
    const last = parts.at(-1)
    if (last?.isWrong === isWrong) last.text += piece
    else parts.push({ text: piece, isWrong })
  }
  return parts
}

import type { Explanation } from '../explanation'
import { percent, points } from './format-number'
import { mapOf, strongestRegion } from './map-of'
import type { ViewState } from './view-state'

/** The probability of the label that a word was given; null beyond the model's length. */
export function labelProbability({ labels }: Explanation, word: Explanation['words'][number]): number | null {
  return word.probabilities?.[labels.indexOf(word.label)] ?? null
}

/** Where the map of the word in focus is strongest, in words: what a person sees who does not see the picture. */
export function describeMap({ explanation, word, kind, head }: ViewState): string {
  const { words, pictures } = explanation
  const map = mapOf(words[word], kind, head)
  if (!map) return ''
  const place = strongestRegion(map.values, pictures)
  if (!place || (map.kind === 'occlusion' && place.value < 0.005)) {
    return 'Hiding any one region takes the label less than half a point.'
  }
  const { rows, columns } = pictures[place.picture]!
  const which = pictures.length > 1 ? `picture ${place.picture + 1}, ` : ''
  const where = `${which}row ${place.row} of ${rows}, column ${place.column} of ${columns}`
  return map.kind === 'attention'
    ? `Looks most at ${where}: ${percent(place.value)} of the attention.`
    : `Hiding ${where} takes the label most: ${points(-place.value)} points.`
}

/** The word in focus in a sentence or two, for a screen reader. */
export function describeFocus(state: ViewState): string {
  const { explanation } = state
  const word = explanation.words[state.word]
  if (!word) return ''
  const probability = labelProbability(explanation, word)
  const said = probability === null ? 'was not read' : `${word.label}, ${percent(probability)}`
  const gate = word.gate ? ` Gate ${word.gate.mean.toFixed(2)}.` : ''
  return `${word.text}: ${said}.${gate} ${describeMap(state)}`.trim()
}

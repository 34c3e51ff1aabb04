import { html, svg, type TemplateResult } from 'lit'
import type { ExplainedPicture } from '../explanation'
import { byPicture, type MapKind } from './map-of'
import type { ViewActions, ViewState } from './view-state'

const NAMES: Record<MapKind, string> = { attention: 'Attention', occlusion: 'Occlusion', none: 'No map' }

/** The maps that an explanation has, for any word. */
export function kindsOf({ words }: ViewState['explanation']): MapKind[] {
  const has = (kind: 'attention' | 'occlusion'): boolean => words.some(word => word[kind] !== null)
  const kinds = (['attention', 'occlusion'] as const).filter(has)
  return kinds.length > 0 ? [...kinds, 'none'] : []
}

/** A head's map as small as a stamp. */
function stamp(values: readonly number[], pictures: readonly ExplainedPicture[]): TemplateResult {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0)
  return html`${byPicture(values, pictures).map(
    (
      part,
      picture,
    ) => html`<svg viewBox="0 0 ${pictures[picture]!.columns} ${pictures[picture]!.rows}" preserveAspectRatio="none"
      shape-rendering="crispEdges" aria-hidden="true">${part.map(
        (value, i) =>
          svg`<rect x=${i % pictures[picture]!.columns} y=${Math.floor(i / pictures[picture]!.columns)} width="1" height="1"
            fill-opacity=${(most > 0 ? value / most : 0).toFixed(2)}></rect>`,
      )}</svg>`,
  )}`
}

function headChoice(state: ViewState, { showHead }: ViewActions): TemplateResult | '' {
  const { explanation, word, kind, head } = state
  const attention = explanation.words[word]?.attention
  if (kind !== 'attention' || !attention || attention.heads.length < 2) return ''
  const choice = (
    value: number | null,
    values: readonly number[],
    name: string,
  ): TemplateResult => html`<label>
    <input type="radio" name="head" .checked=${head === value} @change=${() => showHead(value)}>
    <span class="stamp">${stamp(values, explanation.pictures)}<span>${name}</span></span>
  </label>`
  return html`<fieldset class="heads">
    <legend>Attention of</legend>
    ${choice(null, attention.mean, 'all')}
    ${attention.heads.map((values, i) => choice(i, values, `head ${i + 1}`))}
  </fieldset>`
}

/** Chooses which map is seen, and which head's. */
export function mapChoice(state: ViewState, actions: ViewActions): TemplateResult | '' {
  const kinds = kindsOf(state.explanation)
  if (kinds.length === 0) return ''
  return html`<fieldset class="pills">
      <legend>Map</legend>
      ${kinds.map(
        kind => html`<label><input type="radio" name="kind" value=${kind} .checked=${state.kind === kind}
          @change=${() => actions.showMap(kind)}><span>${NAMES[kind]}</span></label>`,
      )}
    </fieldset>
    ${headChoice(state, actions)}`
}

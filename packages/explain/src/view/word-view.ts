import { html, type TemplateResult } from 'lit'
import { percent } from './format-number'
import { quantileBox } from './gate-view'
import { typeHue, typeOf } from './type-hue'
import type { ViewState } from './view-state'

/** Labels that are listed; the others are added up. */
const LISTED = 6

interface Row {
  label: string
  probability: number
  given: boolean
}

function rowsOf({ explanation, word }: ViewState): { rows: Row[]; others: number; left: number } {
  const { probabilities, label: given } = explanation.words[word]!
  const all = explanation.labels
    .map((label, i) => ({ label, probability: probabilities![i]!, given: label === given }))
    .sort((a, b) => b.probability - a.probability)
  // The label that was given is shown wherever it stands: over all paths it need not be the likeliest.
  const rows = all.filter(({ given }, place) => place < LISTED || given)
  const rest = all.filter(row => !rows.includes(row))
  return { rows, others: rest.length, left: rest.reduce((sum, { probability }) => sum + probability, 0) }
}

function rowTemplate({ label, probability, given }: Row, labels: readonly string[]): TemplateResult {
  const style = label === 'O' ? '' : `--hue:${typeHue(typeOf(label), labels)}`
  return html`<li class=${given ? 'given' : ''} .style=${style}>
    <span class="name" dir="auto">${label}</span>
    <span class="bar ${label === 'O' ? 'none' : ''}" aria-hidden="true"><i .style=${`inline-size:${probability * 100}%`}></i></span>
    <span class="number">${percent(probability)}</span>
  </li>`
}

/** The word in focus: how probable each label is, and how far its gate is open. */
export function wordView(state: ViewState): TemplateResult {
  const { explanation } = state
  const word = explanation.words[state.word]
  if (!word) return html``
  const title = html`<h2 id="word-title">The word <bdi class="quoted">${word.text}</bdi></h2>`
  if (!word.probabilities) {
    return html`<section role="group" class="card" aria-labelledby="word-title">${title}
      <p class="aside">It is beyond the model's length and was not read.</p></section>`
  }
  const { rows, others, left } = rowsOf(state)
  return html`<section role="group" class="card" aria-labelledby="word-title">
    ${title}
    <ul class="bars" aria-label="Probability of each label">
      ${rows.map(row => rowTemplate(row, explanation.labels))}
      ${
        others > 0
          ? html`<li class="rest"><span class="name">${others} more</span><span class="bar none" aria-hidden="true"
              ><i .style=${`inline-size:${left * 100}%`}></i></span><span class="number">${percent(left)}</span></li>`
          : ''
      }
    </ul>
    ${
      word.gate
        ? html`<div class="own-gate">
            <span class="name">Gate</span>
            ${quantileBox(word.gate, 'wide')}
            <span class="number">${word.gate.mean.toFixed(2)}</span>
          </div>
          <p class="aside">How much of the picture the gate lets in: the mean over the channels
          (<span class="key mean"></span>), the middle half and the 5 to 95 % of them.</p>`
        : ''
    }
  </section>`
}
